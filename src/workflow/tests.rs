use super::*;

base::terms! {
    enum Stop { Asked = "asked" => "已提出", Answered = "answered" => "已答复", Lost = "lost" => "已遗失" }
}

base::terms! {
    enum Pace { Ask = "ask" => "提出", Add = "add" => "补充", Answer = "answer" => "答复", Reopen = "reopen" => "重新提出" }
}

const NONE: [&str; 0] = [];

fn table(ways: &'static [Way<Stop, Pace>], reopens: &'static [Pace]) -> Table<Stop, Pace> {
    Table {
        noun: "询问", missing: "没有这次询问", begins: Stop::Asked, closed: &[Stop::Answered], reopens, ways
    }
}

static WHOLE: [Way<Stop, Pace>; 4] = [
    makes(Pace::Ask, Stop::Asked, "ask"),
    stays(Pace::Add, &[Stop::Asked], "add"),
    moves(Pace::Answer, &[Stop::Asked], Stop::Answered, "answer"),
    moves(Pace::Reopen, &[Stop::Answered], Stop::Asked, "reopen"),
];

#[test]
fn a_step_leads_where_the_table_says_and_nowhere_else() {
    let table = table(&WHOLE, &[Pace::Reopen]);
    assert_eq!(table.after(Stop::Asked, Pace::Answer), Some(Stop::Answered));
    assert_eq!(table.after(Stop::Asked, Pace::Add), Some(Stop::Asked), "it stays");
    assert_eq!(table.after(Stop::Answered, Pace::Add), None);
    assert_eq!(table.after(Stop::Asked, Pace::Ask), None, "what makes a case is taken on none that is there");
    assert_eq!(table.steps(Stop::Asked).collect::<Vec<_>>(), [Pace::Add, Pace::Answer]);
    assert!(table.is_closed(Stop::Answered) && !table.is_closed(Stop::Asked));
}

#[test]
fn a_table_that_does_not_hold_together_says_where() {
    let both = [Stop::Asked, Stop::Answered];
    assert_eq!(table(&WHOLE, &[Pace::Reopen]).faults(&both, Pace::ALL), NONE);
    assert_eq!(table(&WHOLE, &[]).faults(&both, Pace::ALL), ["Reopen leaves Answered, which is closed"]);
    assert_eq!(
        table(&WHOLE, &[Pace::Reopen]).faults(Stop::ALL, Pace::ALL),
        ["Lost is never reached", "Lost is open and leads nowhere"]
    );
    assert_eq!(
        table(&WHOLE[..2], &[]).faults(&[Stop::Asked], Pace::ALL),
        ["Answer leads nowhere", "Reopen leads nowhere", "Asked is open and leads nowhere"]
    );
    static TWICE: [Way<Stop, Pace>; 3] = [
        moves(Pace::Answer, &[Stop::Asked], Stop::Answered, "answer"),
        moves(Pace::Answer, &[Stop::Asked], Stop::Lost, "answer"),
        moves(Pace::Add, &[Stop::Lost], Stop::Asked, "add"),
    ];
    let faults = table(&TWICE, &[]).faults(&both, &[Pace::Answer, Pace::Add]);
    assert_eq!(faults, ["Answer leads from Asked to two places"]);
}

#[test]
fn whoever_was_slower_is_told_who_when_and_what() {
    let stale = Stale {
        noun: "通知",
        state: "已撤回".into(),
        by: "示例经办人".into(),
        at: "2026-11-23T04:05:00Z".parse().unwrap(),
        action: "contract.notice_withdrawn".into(),
    };
    assert_eq!(
        stale.to_string(),
        "通知已由示例经办人于 2026-11-23 12:05 变更（撤回通知），现为“已撤回”；您看到的是变更前的内容，本次操作没有生效。请刷新后重新办理"
    );
}

#[test]
fn four_eyes_are_of_two_persons() {
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    assert_eq!(four_eyes(Some(one), one), Err(SamePerson));
    assert_eq!(four_eyes(Some(one), other), Ok(()));
    assert_eq!(four_eyes(None, one), Ok(()));
}

#[test]
fn a_number_is_read_as_it_is_written() {
    let number = Number { year: 2026, serial: 12 };
    assert_eq!(number.to_string(), "2026-0012");
    assert_eq!("2026-0012".parse(), Ok(number));
    assert_eq!("2026".parse::<Number>(), Err(()));
    assert_eq!(Number::of(Some(2026), None), None);
}
