//! The dossier: everything that is known about one parcel, on one page that prints.

use crate::account::Routes;

/// `/parcels/{code}`.
pub fn routes() -> Routes {
    Routes::new()
}
