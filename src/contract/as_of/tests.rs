use super::*;

fn read(text: &str) -> Result<AsOf, String> {
    let read = AsOf::read(text, Clock::Fixed("2026-11-22T16:00:00Z".parse().unwrap()));
    read.map_err(|error| if let Error::BadRequest(sentence) = error { sentence } else { panic!("{error}") })
}

#[test]
fn today_is_shown_as_it_stands_and_yesterday_at_its_end() {
    let today = AsOf { day: "2026-11-23".parse().unwrap(), until: None };
    assert_eq!((read(""), read("2026-11-23")), (Ok(today), Ok(today)));
    let yesterday = read("2026-11-22").unwrap();
    assert_eq!(yesterday.until, Some("2026-11-22T15:59:59.999999Z".parse().unwrap()));
    assert!(yesterday.is_past() && !today.is_past());
    assert_eq!(
        (today.file_name("notices"), yesterday.file_name("notices")),
        ("notices".into(), "notices-2026-11-22".into())
    );
}

#[test]
fn a_day_to_come_is_refused() {
    assert!(read("2026-11-24").unwrap_err().contains("不能晚于今天（2026-11-23）"));
    assert!(read("2026-02-30").is_err() && read("gestern").is_err());
}
