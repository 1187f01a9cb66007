//! A scheme that departs from 一般 or 原则上 cites a resolution of the leading group that is on record.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use crate::base::text::Seen;
use crate::leading_group::Matter;
use crate::leading_group::store::resolutions;
use crate::policy::intake::Offer;
use crate::policy::intake::plan::Obstacle;

/// One obstacle for each scheme that is adopted and whose departure cites none.
pub async fn uncited(
    connection: &mut PgConnection,
    district: &str,
    offer: &Offer,
) -> Result<Vec<Obstacle>, sqlx::Error> {
    let departs = offer.schemes.iter().filter_map(|scheme| {
        let number = scheme.departure.as_deref().map(Seen::seen).filter(|number| !number.is_empty())?;
        Some((scheme.id.clone(), number))
    });
    let departs: Vec<_> = departs.collect();
    if departs.is_empty() {
        return Ok(Vec::new());
    }
    let known: BTreeSet<String> =
        resolutions::numbers(connection, district, Matter::Departure).await?.into_iter().collect();
    let obstacle = |(id, number): (String, &str)| Obstacle {
        id,
        message: format!(
            "departure 所引文号“{number}”不在领导小组“{}”的决议中；请先在领导小组登记决议，或核对文号",
            Matter::Departure
        ),
    };
    Ok(departs.into_iter().filter(|(_, number)| !known.contains(*number)).map(obstacle).collect())
}
