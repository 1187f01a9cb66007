//! The table as pages show it.

use askama::Template;

use super::super::view::CheckTable;
use super::*;

#[test]
fn the_table_shows_every_kind_with_required_declared_and_margin() {
    let mut facts = project();
    set(&mut facts, "fixed_investment", dec!(3260));
    facts.figures.remove("annual_tax");
    facts.spatial[1] = layer(LayerKind::PermanentBasicFarmland, Answer::Hit);
    let checked = on(&facts, &catalogue(&[all_kinds()]));
    let table = CheckTable::new(&checked.outcome(), &facts.spatial);
    let html = table.render().unwrap();
    for words in [
        "不符合",
        "尚需补充：达产年税收",
        "投资",
        "建设",
        "≥150",
        "108.67",
        "-41.33",
        "增加固定资产投资 1,240 万元，或减少用地 8.27 亩",
        "永久基本农田",
        "12.50",
        "四(一)2",
    ] {
        assert!(html.contains(words), "{words} is not in the table");
    }
    assert!(!html.contains("style=") && !html.contains("<script"));
    let nothing = on(&facts, &catalogue(&[]));
    assert!(CheckTable::new(&nothing.outcome(), &[]).render().unwrap().contains("没有可以对照的标准"));
}
