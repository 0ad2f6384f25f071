//! Public holidays where the controller sits, for any year.

use jiff::civil::{Date, Weekday, date};

/// Whose public holidays count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calendar {
    /// Ireland: Organisation of Working Time Act 1997, second schedule; St Brigid's Day since 2023 (S.I. 50/2022). A
    /// holiday on a weekend is not moved to a working day.
    Ireland,
    /// England and Wales: Banking and Financial Dealings Act 1971, first schedule; a holiday on a weekend is moved.
    England,
}

/// Holidays that were proclaimed for one year: Ireland's day of remembrance (S.I. 50/2022), and for England and Wales
/// VE Day 2020, the Platinum Jubilee and the state funeral 2022, the coronation 2023.
const IRELAND_ONCE: [Date; 1] = [date(2022, 3, 18)];
const ENGLAND_ONCE: [Date; 5] =
    [date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)];
/// The usual days of holidays that were moved in those years.
const ENGLAND_MOVED: [Date; 2] = [date(2020, 5, 4), date(2022, 5, 30)];

impl Calendar {
    /// Whether a day is a working day: not a Saturday, Sunday or public holiday (Regulation 1182/71 Art. 2(2)).
    pub(super) fn is_working_day(self, day: Date) -> bool {
        self.rest(day).is_none()
    }

    /// Why a day is no working day: the name of the day of rest.
    pub(super) fn rest(self, day: Date) -> Option<&'static str> {
        match day.weekday() {
            Weekday::Saturday => Some("a Saturday"),
            Weekday::Sunday => Some("a Sunday"),
            _ => self.holiday(day),
        }
    }

    /// The public holiday on a day.
    pub(super) fn holiday(self, day: Date) -> Option<&'static str> {
        match self {
            Self::Ireland => irish(day),
            Self::England => english(day),
        }
    }

    /// The country that keeps it.
    pub(super) fn country(self) -> &'static str {
        match self {
            Self::Ireland => "Ireland",
            Self::England => "England",
        }
    }
}

fn irish(day: Date) -> Option<&'static str> {
    let is_monday = day.weekday() == Weekday::Monday;
    match (day.month(), day.day()) {
        (1, 1) => Some("New Year's Day"),
        (2, 1..=7) => is_saint_brigids(day).then_some("St Brigid's Day"),
        (3, 17) => Some("St Patrick's Day"),
        (3, 18) if IRELAND_ONCE.contains(&day) => Some("the Day of Remembrance"),
        (5, 1..=7) if is_monday => Some("the May holiday"),
        (6, 1..=7) if is_monday => Some("the June holiday"),
        (8, 1..=7) if is_monday => Some("the August holiday"),
        (10, 25..=31) if is_monday => Some("the October holiday"),
        (12, 25) => Some("Christmas Day"),
        (12, 26) => Some("St Stephen's Day"),
        _ => (days_after_easter(day) == Some(1)).then_some("Easter Monday"),
    }
}

/// The first Monday of February, or the first of the month if that is a Friday; since 2023.
fn is_saint_brigids(day: Date) -> bool {
    let is_first_friday = day.day() == 1 && day.weekday() == Weekday::Friday;
    let is_first_monday = day.weekday() == Weekday::Monday && weekday_of_first(day) != Weekday::Friday;
    day.year() >= 2023 && (is_first_friday || is_first_monday)
}

fn english(day: Date) -> Option<&'static str> {
    if ENGLAND_ONCE.contains(&day) {
        return Some("a bank holiday proclaimed for that year");
    }
    let is_monday = day.weekday() == Weekday::Monday;
    let is_start_of_week = is_monday || day.weekday() == Weekday::Tuesday;
    match (day.month(), day.day()) {
        (1, 1) => Some("New Year's Day"),
        (1, 2 | 3) if is_monday => Some("the bank holiday for New Year's Day"),
        (5, 1..=7) if is_monday && !ENGLAND_MOVED.contains(&day) => Some("the early May bank holiday"),
        (5, 25..=31) if is_monday && !ENGLAND_MOVED.contains(&day) => Some("the spring bank holiday"),
        (8, 25..=31) if is_monday => Some("the summer bank holiday"),
        (12, 25) => Some("Christmas Day"),
        (12, 26) => Some("Boxing Day"),
        (12, 27 | 28) if is_start_of_week => Some("a bank holiday for Christmas"),
        _ => match days_after_easter(day) {
            Some(-2) => Some("Good Friday"),
            Some(1) => Some("Easter Monday"),
            _ => None,
        },
    }
}

fn weekday_of_first(day: Date) -> Weekday {
    day.first_of_month().weekday()
}

/// `None` where Easter, from 22 March to 25 April, is far away.
fn days_after_easter(day: Date) -> Option<i32> {
    if !matches!(day.month(), 3 | 4) {
        return None;
    }
    Some(day.duration_since(easter(day.year())?).as_hours().checked_div(24)?.try_into().unwrap_or(i32::MAX))
}

/// Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, ch. 8). The names are the book's.
#[allow(clippy::many_single_char_names, clippy::arithmetic_side_effects, reason = "all numbers are small and positive")]
fn easter(year: i16) -> Option<Date> {
    let year32 = i32::from(year);
    let (a, b, c) = (year32 % 19, year32 / 100, year32 % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holidays(calendar: Calendar, year: i16) -> Vec<String> {
        let days = date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(|day| day.year() == year);
        days.filter(|day| calendar.holiday(*day).is_some()).map(|day| day.strftime("%m-%d").to_string()).collect()
    }

    #[test]
    fn irish_holidays_are_those_that_were_published() {
        // gov.ie / citizensinformation.ie, lists of public holidays.
        let cases: [(i16, &[&str]); 5] = [
            (2022, &["01-01", "03-17", "03-18", "04-18", "05-02", "06-06", "08-01", "10-31", "12-25", "12-26"]),
            (2023, &["01-01", "02-06", "03-17", "04-10", "05-01", "06-05", "08-07", "10-30", "12-25", "12-26"]),
            (2024, &["01-01", "02-05", "03-17", "04-01", "05-06", "06-03", "08-05", "10-28", "12-25", "12-26"]),
            (2025, &["01-01", "02-03", "03-17", "04-21", "05-05", "06-02", "08-04", "10-27", "12-25", "12-26"]),
            // The first of February is a Friday.
            (2030, &["01-01", "02-01", "03-17", "04-22", "05-06", "06-03", "08-05", "10-28", "12-25", "12-26"]),
        ];
        for (year, expected) in cases {
            assert_eq!(holidays(Calendar::Ireland, year), expected, "{year}");
        }
    }

    #[test]
    fn english_bank_holidays_fall_or_are_moved_as_published() {
        // gov.uk/bank-holidays; a holiday on a weekend stands beside the day it is moved to.
        let cases: [(i16, &[&str]); 4] = [
            (2020, &["01-01", "04-10", "04-13", "05-08", "05-25", "08-31", "12-25", "12-26", "12-28"]),
            (
                2022,
                &[
                    "01-01", "01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19", "12-25", "12-26",
                    "12-27",
                ],
            ),
            (2023, &["01-01", "01-02", "04-07", "04-10", "05-01", "05-08", "05-29", "08-28", "12-25", "12-26"]),
            (2027, &["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-25", "12-26", "12-27", "12-28"]),
        ];
        for (year, expected) in cases {
            assert_eq!(holidays(Calendar::England, year), expected, "{year}");
        }
    }
}
