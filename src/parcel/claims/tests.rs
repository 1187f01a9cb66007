use rust_decimal_macros::dec;

use super::*;

#[test]
fn what_stands_against_land_is_named_with_its_page() {
    let contract = Standing {
        holder: Holder::Contract,
        number: "示例出让〔2026〕1号".into(),
        case: None,
        who: "91330105MA2AXYW00M".into(),
        parcel: Some("330105001001GB00001".into()),
        area_m2: Some(dec!(1234.5)),
        since: Some("2026-01-10".parse().unwrap()),
    };
    assert_eq!(
        contract.wording(),
        "有效合同 示例出让〔2026〕1号（受让人 91330105MA2AXYW00M，宗地 330105001001GB00001，重叠 1,234.50 平方米，自 2026-01-10）"
    );
    assert_eq!(contract.key(), "contract:示例出让〔2026〕1号");
    assert!(contract.href().starts_with("/contracts/%E7%A4%BA"));
    let id = Uuid::nil();
    let case = Standing { holder: Holder::Case, number: "2026-0003".into(), case: Some(id), ..contract };
    assert_eq!((case.key(), case.href()), (format!("case:{id}"), format!("/admission/cases/{id}")));
}
