//! The people of the bureau and of the departments that vouch for their own figures.

crate::terms! {
    /// What a person is here to do. A person may hold several roles.
    pub enum Role {
        AdmissionOfficer = "admission_officer" => "准入审查员",
        Approver = "approver" => "审批人",
        Inspector = "inspector" => "巡查员",
        ContractClerk = "contract_clerk" => "合同管理员",
        /// Of the lead department of a category (二(一)1): drafts its scheme, runs it, proposes its results.
        Evaluator = "evaluator" => "综合评价员",
        /// 五(一): the office of the leading group keeps its register, fixes lists, signs.
        GroupOffice = "group_office" => "领导小组办公室经办人",
        /// Keeps the figures of one department.
        DataSteward = "data_steward" => "部门数据管理员",
        /// Sees and keeps one sub-district only.
        SubdistrictClerk = "subdistrict_clerk" => "街道经办人",
        Auditor = "auditor" => "审计员",
        Administrator = "administrator" => "系统管理员",
    }
}

crate::terms! {
    /// "谁主管、谁统计、谁负责": the departments of 二(一)1 of the governing text, each vouching for its own data.
    pub enum Department {
        Statistics = "statistics" => "区统计局",
        Land = "land" => "区国土分局",
        Tax = "tax" => "区税务局",
        MarketRegulation = "market_regulation" => "区市场监管局",
        Environment = "environment" => "环保下城分局",
        Safety = "safety" => "区安监局",
        EconomyAndTourism = "economy_and_tourism" => "区经旅局",
        DevelopmentAndReform = "development_and_reform" => "区发改局",
        Science = "science" => "区科技局",
    }
}
