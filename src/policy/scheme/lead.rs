//! 二(一)1: which department leads a category: it drafts the scheme, runs it and proposes what it comes to.

use crate::account::Department;
use crate::policy::{ParameterError, Parameters};
use crate::scoring::scheme::Category;

#[derive(Debug, thiserror::Error)]
pub enum LeadError {
    #[error("{category}由{lead}牵头（二(一)1），请由该部门的人员办理；您的账号{own}", own = said(*.own))]
    NotTheLead { category: Category, lead: Department, own: Option<Department> },
    #[error(transparent)]
    Parameter(#[from] ParameterError),
}

fn said(own: Option<Department>) -> String {
    own.map_or_else(|| "未填写部门，请系统管理员补填".to_owned(), |own| format!("属{own}"))
}

/// The lead department of a category on the day of the parameters.
///
/// # Errors
/// When nobody leads it on that day.
pub fn lead_of(parameters: &Parameters, category: Category) -> Result<Department, ParameterError> {
    parameters.department(&format!("evaluation_lead_{}", category.code()))
}

/// Whether somebody of `own` may act for a category.
///
/// # Errors
/// Another department leads it.
pub fn leads(parameters: &Parameters, category: Category, own: Option<Department>) -> Result<(), LeadError> {
    let lead = lead_of(parameters, category)?;
    if own == Some(lead) { Ok(()) } else { Err(LeadError::NotTheLead { category, lead, own }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::catalogue::Catalogue;

    #[test]
    fn each_category_has_the_lead_that_the_text_names() {
        use Department::{DevelopmentAndReform, EconomyAndTourism, Land, Science};
        let published = Catalogue::embedded().unwrap().parameters;
        for (day, category, lead) in [
            ("2019-01-01", Category::IndustryAbove, EconomyAndTourism),
            ("2026-01-01", Category::IndustryBelow, EconomyAndTourism),
            ("2026-01-01", Category::ServicesAbove, DevelopmentAndReform),
            ("2026-01-01", Category::Platform, Science),
            ("2026-01-01", Category::HighTech, Science),
            ("2026-01-01", Category::LowEfficiencyLand, Land),
        ] {
            let parameters = Parameters::on(day.parse().unwrap(), published.clone());
            assert_eq!(lead_of(&parameters, category), Ok(lead));
            assert!(leads(&parameters, category, Some(lead)).is_ok());
            let refused = leads(&parameters, category, None).unwrap_err().to_string();
            assert!(refused.contains(lead.label()) && refused.contains("未填写部门"), "{refused}");
            assert!(leads(&parameters, category, Some(Department::Tax)).is_err());
        }
        let before = Parameters::on("2018-12-31".parse().unwrap(), published);
        assert!(lead_of(&before, Category::Platform).is_err(), "nobody leads before the text is in force");
    }
}
