//! The leading group, and who leads a category.

use muheng::db::PgPool;

use crate::evaluation::{computed, resolved};
use crate::support::{TestApp, post};

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn seats_meetings_and_resolutions_are_kept_by_the_office_and_seen_by_all(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (office, evaluator) = (app.signed_in("office").await, app.signed_in("evaluator").await);
    let seat = [
        ("name", "合成甲"),
        ("organisation", "合成区政府"),
        ("post", "leader"),
        ("from", "2022-01-01"),
        ("document", "合成〔2022〕1号"),
    ];
    assert_eq!(post(&evaluator, &app.url("/leading-group"), &seat).await.status(), 403);
    assert_eq!(post(&office, &app.url("/leading-group"), &seat).await.status(), 303);
    let second = post(&office, &app.url("/leading-group"), &[&[("name", "合成乙")], &seat[1..]].concat()).await;
    assert_eq!(second.status(), 422);
    let page = second.text().await.unwrap();
    assert!(page.contains("同一时间只有一位组长") && page.contains("合成乙"), "what was typed comes back");

    let meeting =
        [("held_on", "2024-05-20"), ("number", "合成纪要〔2024〕1号"), ("title", "评价结果"), ("attended", "合成甲")];
    assert_eq!(post(&office, &app.url("/leading-group/meetings"), &meeting).await.status(), 303);
    assert_eq!(post(&office, &app.url("/leading-group/meetings"), &meeting).await.status(), 422, "once");
    resolved(&app, &office, "合成〔2024〕3号", "signature").await;

    for (path, shows) in [
        ("/leading-group?on=2022-01-01", "合成甲"),
        ("/leading-group?on=2021-12-31", "没有任职登记"),
        ("/leading-group/meetings", "合成纪要〔2024〕1号"),
        ("/leading-group/resolutions?matter=signature&year=2024", "合成〔2024〕3号"),
        ("/leading-group/resolutions?matter=departure", "没有决议登记"),
    ] {
        let (status, page) = app.page(&evaluator, path).await;
        assert!(status == 200 && page.contains(shows), "{path}: {page}");
    }
    let (_, page) = app.page(&office, "/leading-group/resolutions").await;
    let scan = page.split("/leading-group/resolutions/").find(|it| it.contains("/scan\"")).unwrap();
    let scan = format!("/leading-group/resolutions/{}", scan.split('"').next().unwrap());
    let answer = evaluator.get(app.url(&scan)).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    let withdrawal = scan.trim_end_matches("/scan");
    assert_eq!(post(&office, &app.url(withdrawal), &[("reason", " ")]).await.status(), 422);
    assert_eq!(post(&office, &app.url(withdrawal), &[("reason", "文号有误")]).await.status(), 303);
    assert!(app.page(&office, "/leading-group/resolutions").await.1.contains("没有决议登记"));
    assert!(app.page(&office, "/leading-group/resolutions?all=1").await.1.contains("文号有误"));
}

#[sqlx::test(migrator = "muheng::db::MIGRATOR")]
async fn what_binds_is_computed_by_the_department_that_leads_the_category(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let services = [("category", "services_above"), ("year", "2023")];
    let industry = app.signed_in("evaluator").await;
    let refused = post(&industry, &app.url("/evaluation/compute"), &services).await;
    assert_eq!(refused.status(), 422);
    let page = refused.text().await.unwrap();
    assert!(page.contains("由区发改局牵头（二(一)1）"), "{page}");
    let trial = post(&industry, &app.url("/evaluation/compute"), &[&services[..], &[("trial", "1")]].concat()).await;
    assert_eq!(trial.status(), 303, "a trial binds nobody");
    let reform = app.signed_in("evaluator-services").await;
    let run = computed(&app, &reform, &services).await;
    let propose = app.url(&format!("{run}/propose"));
    assert_eq!(post(&industry, &propose, &[("version", "1")]).await.status(), 422);
    assert_eq!(post(&reform, &propose, &[("version", "1")]).await.status(), 303);
}
