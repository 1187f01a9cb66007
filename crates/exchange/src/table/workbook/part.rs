//! The parts of a workbook's archive, read as XML event by event. Names of parts are compared as the programs do that
//! write them: whatever their slashes and capitals.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesEnd, BytesStart, Event};
use zip::ZipArchive;

use crate::fault::Fault;
use crate::wording;

pub struct Parts {
    archive: ZipArchive<BufReader<File>>,
    places: HashMap<String, usize>,
}

fn folded(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

fn broken(error: impl std::fmt::Display) -> Fault {
    wording::workbook_broken(error)
}

impl Parts {
    pub fn open(path: &Path) -> Result<Parts, Fault> {
        let file = File::open(path).map_err(|e| wording::cannot_open(&e))?;
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(broken)?;
        let mut places = HashMap::new();
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(broken)?;
            places.insert(folded(&String::from_utf8_lossy(entry.name_raw())), index);
        }
        Ok(Parts { archive, places })
    }

    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(&folded(name))
    }

    pub fn xml(&mut self, name: &str) -> Result<Xml<impl BufRead + use<'_>>, Fault> {
        let place = self.places.get(&folded(name)).ok_or_else(|| broken(format!("缺少 {name}")))?;
        let entry = self.archive.by_index(*place).map_err(broken)?;
        Ok(Xml::new(BufReader::new(entry)))
    }
}

/// A stream of elements; those without content begin and end like the others. Nothing is copied out of it but what is asked for.
pub struct Xml<R: BufRead> {
    reader: quick_xml::Reader<R>,
    buffer: Vec<u8>,
}

pub enum Node<'a> {
    Start(Start<'a>),
    End(End<'a>),
    /// What stands between elements.
    Other,
}

pub struct End<'a>(BytesEnd<'a>);

impl End<'_> {
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }
}

pub struct Start<'a>(BytesStart<'a>);

impl Start<'_> {
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// By its name without prefix.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        attributes.with_checks(false);
        let named = |attribute: &Attribute<'_>| attribute.key.local_name().into_inner() == name;
        let attribute = attributes.filter_map(Result::ok).find(named)?;
        attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
    }

    pub fn says_yes(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|value| value == "1" || value == "true")
    }
}

impl<R: BufRead> Xml<R> {
    pub fn new(input: R) -> Self {
        let mut reader = quick_xml::Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        Xml { reader, buffer: Vec::new() }
    }

    /// What comes next; none at the end of the part.
    pub fn next(&mut self) -> Result<Option<Node<'_>>, Fault> {
        self.buffer.clear();
        Ok(match self.reader.read_event_into(&mut self.buffer).map_err(broken)? {
            Event::Start(start) => Some(Node::Start(Start(start))),
            Event::End(end) => Some(Node::End(End(end))),
            Event::Eof => None,
            _ => Some(Node::Other),
        })
    }

    /// The text up to the end of the element, which has begun.
    pub fn text(&mut self, element: &str) -> Result<String, Fault> {
        let mut text = String::new();
        loop {
            self.buffer.clear();
            match self.reader.read_event_into(&mut self.buffer).map_err(broken)? {
                Event::Text(piece) => text.push_str(&piece.xml10_content()),
                Event::CData(piece) => text.push_str(&piece.xml10_content()),
                Event::GeneralRef(name) => match name.resolve_char_ref().map_err(broken)? {
                    Some(character) => text.push(character),
                    None => text.push_str(resolve_predefined_entity(&name).unwrap_or_default()),
                },
                Event::End(end) if end.local_name().into_inner() == element => return Ok(text),
                Event::Eof => return Err(broken("文件在中途结束")),
                _ => {}
            }
        }
    }
}
