//! Reads a file of counts as people's programs write it: which separator, which letters, which columns is found from the file itself.

use csv::{ByteRecord, ReaderBuilder, Trim};
use storewire_domain::{amount, stock::file::Line};

use super::refusal::StockRefusal;

/// More lines than this are no file that a person looks at before it is written.
pub(super) const MOST_LINES: usize = 10_000;
/// A field that is longer is cut: it is shown, and no count.
const LONGEST: usize = 200;

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) lines: Vec<Line>,
    /// `utf-8` or `latin-1`.
    pub(super) encoding: &'static str,
    /// The names of columns that say nothing about counts.
    pub(super) ignored: Vec<String>,
}

/// The lines of a file. Its first names the columns: `sku`, and one of `stock`, `quantity` and `stok`, in any order and letter case.
pub(super) fn read(bytes: &[u8]) -> Result<Counts, StockRefusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let encoding = if std::str::from_utf8(bytes).is_ok() { "utf-8" } else { "latin-1" };
    let mut reader = ReaderBuilder::new().delimiter(separator(bytes)).flexible(true).trim(Trim::All).from_reader(bytes);
    let names: Vec<String> = match reader.byte_headers() {
        Ok(names) => names.iter().map(text).collect(),
        Err(_) => return Err(StockRefusal::BadFile),
    };
    let sku = only(&names, &["sku"])?;
    let count = only(&names, &["stock", "quantity", "stok"])?;
    let mut lines = Vec::new();
    let mut record = ByteRecord::new();
    let mut place = Place { bytes, offset: 0, line: 1 };
    while reader.read_byte_record(&mut record).map_err(|_| StockRefusal::BadFile)? {
        if lines.len() == MOST_LINES {
            return Err(StockRefusal::TooManyLines);
        }
        let of = |column: usize| text(record.get(column).unwrap_or_default());
        // An empty line of a table program still has its separators.
        if record.iter().all(<[u8]>::is_empty) {
            continue;
        }
        let line = place.line_of(record.position().map_or(0, csv::Position::byte));
        let given = of(count);
        let wanted = amount::read(&given);
        lines.push(Line { line, sku: of(sku), given, wanted });
    }
    let is_known = |at: &usize| *at == sku || *at == count;
    let ignored = names.into_iter().enumerate().filter(|(at, name)| !is_known(at) && !name.is_empty());
    Ok(Counts { lines, encoding, ignored: ignored.map(|(_, name)| name).collect() })
}

/// How far the lines of a file were counted, by whatever ends them. The reader's own count has what is left of a line's end, and lines that
/// are empty, belong to the record that follows.
struct Place<'a> {
    bytes: &'a [u8],
    offset: usize,
    line: u32,
}

impl Place<'_> {
    /// The line of the record that begins at this byte, or behind the line ends that stand there.
    fn line_of(&mut self, byte: u64) -> u32 {
        let mut rest = self.bytes.iter().enumerate().skip(self.offset).peekable();
        let begin = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some((at, byte)) = rest.next_if(|(at, byte)| *at < begin || matches!(byte, b'\n' | b'\r')) {
            let is_end = *byte == b'\n' || (*byte == b'\r' && rest.peek().is_none_or(|(_, next)| **next != b'\n'));
            self.line = self.line.saturating_add(u32::from(is_end));
            self.offset = at + 1;
        }
        self.line
    }
}

/// The one column of these names.
fn only(names: &[String], wanted: &[&str]) -> Result<usize, StockRefusal> {
    let mut found = names.iter().enumerate().filter(|(_, name)| wanted.contains(&name.to_lowercase().as_str()));
    match (found.next(), found.next()) {
        (Some((at, _)), None) => Ok(at),
        _ => Err(StockRefusal::BadFile),
    }
}

/// What separates the names of the first line most often; a comma if nothing does.
fn separator(bytes: &[u8]) -> u8 {
    let first = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let times = |wanted: u8| first.iter().filter(|byte| **byte == wanted).count();
    [b';', b'\t', b','].into_iter().max_by_key(|separator| times(*separator)).unwrap_or(b',')
}

/// A field as text: UTF-8, or else latin-1, in which every byte is a letter; without what a database or a screen chokes on.
fn text(field: &[u8]) -> String {
    let read = match std::str::from_utf8(field) {
        Ok(text) => text.to_owned(),
        Err(_) => field.iter().map(|byte| char::from(*byte)).collect(),
    };
    read.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Vec<(u32, String, String)> {
        let counts = read(bytes).unwrap();
        let told = |line: Line| (line.line, line.sku, line.wanted.map_or(line.given, |count| count.to_string()));
        counts.lines.into_iter().map(told).collect()
    }

    #[test]
    fn files_are_read_as_table_programs_of_many_countries_write_them() {
        for bytes in [
            &b"sku,stock\nTEE,20\nCUP,7.5\n"[..],
            b"\xef\xbb\xbfSKU;Stok\r\nTEE;20\r\nCUP;7,5\r\n",
            b"quantity\tname\tsku\n20\tTea, green\tTEE\n 7.5 \tx\t CUP \n",
            b"\"sku\",\"stock\"\n\"TEE\",\"20\"\n\"CUP\",\"7,5\"",
        ] {
            let wanted = [(2, "TEE".to_owned(), "20".to_owned()), (3, "CUP".to_owned(), "7.5".to_owned())];
            assert_eq!(told(bytes), wanted, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn what_is_no_count_is_kept_as_it_was_given_and_formulas_are_text() {
        assert_eq!(
            told(b"sku,stock\nA,=1+1\nB,\nC\n\n,,\nD,many\n"),
            [
                (2, "A".to_owned(), "=1+1".to_owned()),
                (3, "B".to_owned(), String::new()),
                (4, "C".to_owned(), String::new()),
                (7, "D".to_owned(), "many".to_owned()),
            ]
        );
        let counts = read(b"sku,stock,Preis\nCAF\xc9,3,1\n").unwrap();
        assert_eq!((counts.encoding, counts.ignored), ("latin-1", vec!["Preis".to_owned()]));
        assert_eq!(counts.lines[0].sku, "CAFÉ");
        assert_eq!(told(b"sku,stock\nA\0B\x07,3\n")[0].1, "AB");
    }

    #[test]
    fn files_without_their_columns_and_endless_ones_are_refused() {
        for bytes in [&b""[..], b"\n", b"TEE,20\n", b"sku\nTEE\n", b"sku,stock,quantity\nTEE,1,2\n", b"\x00\xff\xfe"] {
            assert_eq!(read(bytes).err(), Some(StockRefusal::BadFile), "{bytes:?}");
        }
        let most = format!("sku,stock\n{}", "A,1\n".repeat(MOST_LINES));
        assert_eq!(read(most.as_bytes()).unwrap().lines.len(), MOST_LINES);
        assert_eq!(read(format!("{most}A,1\n").as_bytes()).err(), Some(StockRefusal::TooManyLines));
    }
}
