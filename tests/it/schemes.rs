//! The schemes of evaluation from the terminal.

use muheng::db::PgPool;
use muheng::scoring::Scheme;

use crate::commands::muheng;

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn the_scheme_that_holds_is_printed_in_the_form_that_is_submitted(pool: PgPool) {
    let home = tempfile::tempdir().unwrap();
    let ask = |arguments: &[&str]| {
        let answer = muheng(&pool, home.path(), &[&["evaluation", "scheme"], arguments].concat());
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (answer.status.code(), text(&answer.stdout), text(&answer.stderr))
    };
    let (status, printed, said) = ask(&["industry_above", "--year", "2023", "--format", "json"]);
    assert_eq!(
        (status, printed.as_str()),
        (Some(0), include_str!("../../policy/schemes/industry-above.json")),
        "{said}"
    );
    assert!(said.contains("comes with the program"), "{said}");
    assert_eq!(serde_json::from_str::<Scheme>(&printed).unwrap().id, "muheng/industry-above");
    let (status, by_name, _) = ask(&["muheng/industry-above"]);
    assert_eq!((status, by_name), (Some(0), printed));
    let (status, example, said) = ask(&["platform", "--year", "2023"]);
    assert!(status == Some(0) && example.contains("\"example/platform\"") && said.contains("is an example"), "{said}");
    for wrong in [
        &["industry_above", "--year", "2018"][..],
        &["industry_above"],
        &["no/such"],
        &["example/huangyan-2022-above", "--year", "2023"],
    ] {
        let (status, printed, said) = ask(wrong);
        assert!(status == Some(1) && printed.is_empty() && said.starts_with("muheng: "), "{wrong:?}: {said}");
    }
}
