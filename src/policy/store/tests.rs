use super::*;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn publishing_twice_changes_nothing(pool: PgPool) {
    load(&pool).await.unwrap();
    load(&pool).await.unwrap();
    let parameters = parameters_on(&pool, "2024-12-31".parse().unwrap()).await.unwrap();
    assert_eq!(parameters.get("tax_per_mu_floor").unwrap().value, "10000");
    assert!(parameters_on(&pool, "2018-12-31".parse().unwrap()).await.unwrap().get("tax_per_mu_floor").is_err());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_published_value_stays_and_may_only_be_closed(pool: PgPool) {
    load(&pool).await.unwrap();
    let mut changed = Catalogue::embedded().unwrap();
    changed.parameters[0].value = "12000".into();
    let error = publish(&pool, &changed).await.unwrap_err();
    assert!(matches!(&error, PublishError::ParameterChanged { .. }), "{error}");
    assert!(error.to_string().contains("10000") && error.to_string().contains("12000"));

    let mut closed = Catalogue::embedded().unwrap();
    let first_day = "2025-01-01".parse().unwrap();
    let mut successor = closed.parameters[0].clone();
    closed.parameters[0].valid.until = Some(first_day);
    successor.valid = Period::since(first_day);
    successor.value = "12000".into();
    closed.parameters.insert(1, successor);
    publish(&pool, &closed).await.unwrap();
    let on = async |day: &str| {
        parameters_on(&pool, day.parse().unwrap()).await.unwrap().get("tax_per_mu_floor").unwrap().value.clone()
    };
    assert_eq!(on("2024-12-31").await, "10000");
    assert_eq!(on("2025-01-01").await, "12000");

    let reopened = load(&pool).await.unwrap_err();
    assert!(matches!(reopened, PublishError::ParameterChanged { .. }), "an end that was announced stays");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_published_article_keeps_its_words(pool: PgPool) {
    load(&pool).await.unwrap();
    let mut changed = Catalogue::embedded().unwrap();
    changed.documents[0].articles[3].wording.push('。');
    assert!(matches!(publish(&pool, &changed).await, Err(PublishError::ArticleChanged { .. })));
}
