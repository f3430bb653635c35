//! How the desk keeps time, and how much it keeps: what is not set keeps the desk's own default.

use anyhow::{Context, Result};
use jiff::{civil::Date, tz::TimeZone};
use serde::Deserialize;
use storewire_actors::config::DeskConfig;
use storewire_domain::business_hours::BusinessHours;

use super::value::{self, Written};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Desk {
    interval: Option<Written>,
    idle: Option<Written>,
    request_expires: Option<Written>,
    #[serde(deserialize_with = "value::some_list")]
    request_reminds: Option<Vec<Written>>,
    zone: Option<String>,
    hours: Option<String>,
    #[serde(deserialize_with = "value::some_list")]
    holidays: Option<Vec<Date>>,
    answer_urgent: Option<Written>,
    answer_high: Option<Written>,
    answer_normal: Option<Written>,
    answer_low: Option<Written>,
    file_bytes: Option<usize>,
    files_per_message: Option<usize>,
    upload_bytes_of_tenant: Option<i64>,
}

impl Desk {
    /// Lays the settings over the desk's defaults.
    pub fn apply(&self, config: &mut DeskConfig) {
        let lengths = [
            (self.interval, &mut config.interval),
            (self.idle, &mut config.idle),
            (self.request_expires, &mut config.request_expires),
            (self.answer_urgent, &mut config.answer.urgent),
            (self.answer_high, &mut config.answer.high),
            (self.answer_normal, &mut config.answer.normal),
            (self.answer_low, &mut config.answer.low),
        ];
        for (written, length) in lengths {
            if let Some(written) = written {
                *length = written.into();
            }
        }
        if let Some(reminds) = &self.request_reminds {
            config.request_reminds = reminds.iter().copied().map(Into::into).collect();
        }
        // What cannot be read was refused before anybody comes here.
        if let Ok(hours) = self.hours() {
            config.hours = hours;
        }
        config.file_bytes = self.file_bytes.unwrap_or(config.file_bytes);
        config.files_per_message = self.files_per_message.unwrap_or(config.files_per_message);
        config.upload_bytes_of_tenant = self.upload_bytes_of_tenant.unwrap_or(config.upload_bytes_of_tenant);
    }

    /// When staff are at work.
    pub fn hours(&self) -> Result<BusinessHours> {
        let name = self.zone.as_deref().unwrap_or("UTC");
        let zone = TimeZone::get(name).with_context(|| format!("desk.zone is {name:?}, which is no time zone"))?;
        let text = self.hours.as_deref().unwrap_or("mon-fri 09:00-17:00");
        let holidays = self.holidays.iter().flatten().copied().collect();
        BusinessHours::parse(text, zone, holidays).with_context(|| format!("desk.hours is {text:?}"))
    }
}
