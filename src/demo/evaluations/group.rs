//! The leading group of the invented district.

use super::{OFFICIAL, Office};
use crate::demo::register::day;
use crate::leading_group::{Matter, NewMeeting, NewMember, NewResolution, Post, appoint, hold_meeting, resolve};

/// Posts are named, and nobody.
const SEATS: [(&str, &str, Post); 5] = [
    ("示例组长", "区政府主要领导（示例）", Post::Leader),
    ("示例副组长", "区政府分管领导（示例）", Post::Deputy),
    ("示例成员甲", "区经旅局（示例）", Post::Member),
    ("示例成员乙", "区税务局（示例）", Post::Member),
    ("示例办公室主任", "区经旅局（示例）", Post::Office),
];

/// By which the results of a year became official.
pub fn signature_of(year: i32) -> String {
    format!("示例领导小组〔{}〕1号", year + 1)
}

pub async fn convene(office: &Office<'_>) -> anyhow::Result<()> {
    let act = office.act("office", day(2019, 3, 1), 0)?;
    for (name, organisation, post) in SEATS {
        let (name, organisation) = (name.to_owned(), organisation.to_owned());
        let document = "示例成立文件〔2019〕1号".to_owned();
        appoint(&act, &NewMember { name, organisation, post, from: day(2019, 3, 1), document }).await?;
    }
    for year in OFFICIAL {
        let act = office.act("office", day(year + 1, 7, 10), 0)?;
        let minutes = format!("示例会议纪要〔{}〕1号", year + 1);
        let title = format!("审定{year}年度“亩产效益”综合评价结果（示例）");
        let (held_on, attended) = (day(year + 1, 7, 8), "组长、副组长、成员（示例）".to_owned());
        hold_meeting(&act, &NewMeeting { held_on, number: minutes.clone(), title: title.clone(), attended }).await?;
        let resolution = NewResolution {
            number: signature_of(year),
            decided_on: held_on,
            matter: Matter::Signature,
            words: title,
            meeting: Some(minutes),
            scan: None,
        };
        resolve(&act, &resolution).await?;
    }
    Ok(())
}
