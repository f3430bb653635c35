//! The names and places that shops take in turn.

use crate::model::profile::{Currency, Place, Storage, Tax};

/// The name of a shop, counted from 0; later rounds through the names carry a number.
pub fn name(turn: usize) -> String {
    let name = NAMES.get(turn % NAMES.len()).copied().unwrap_or("Shop");
    let round = turn / NAMES.len();
    if round == 0 { name.to_owned() } else { format!("{name} {}", round + 1) }
}

/// The place of a shop, counted from 0.
pub fn place(turn: usize) -> &'static Place {
    PLACES.get(turn % PLACES.len()).unwrap_or(&NEW_YORK)
}

/// A place with this currency (ISO 4217).
pub fn with_currency(code: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.currency.code == code)
}

/// Names real merchants give their shops, entities and emoji included.
const NAMES: &[&str] = &[
    "Hudson Kettle & Co.",
    "Boğaziçi Çay Evi",
    "Kissa 雲 Kobo",
    "Kauri & Fern",
    "Sunset \"Vinyl\" Books",
    "Souk al-Mubarakiya",
    "Karoo Veldskoen",
    "Käthes Wollstube 🧶",
    "Prospect Park Puzzles",
    "İğne Oyası Dükkânı",
    "Sakura Stationery",
    "Tāmaki Honey",
    "Himal Pashmina",
    "Kentia & Sons",
];

const USD: Currency =
    Currency { code: "USD", name: "United States (US) dollar", symbol: "$", entity: "&#36;", decimals: 2, unit: 1 };

const AUD: Currency =
    Currency { code: "AUD", name: "Australian dollar", symbol: "$", entity: "&#36;", decimals: 2, unit: 1 };

const NEW_YORK: Place = Place {
    zone: "America/New_York",
    currency: USD,
    country: "US",
    state: "NY",
    city: "New York",
    postcode: "10001",
    tax: Some(Tax { code: "US-NY-NY TAX-1", label: "NY Tax", thousandths: 8875 }),
    storage: Storage::Hpos,
    version: "11.0.1",
    wordpress: "7.1",
};

/// Zones on both sides of Greenwich and at both ends of the day, currencies with 0, 2 and 3 decimals, both storages.
static PLACES: [Place; 14] = [
    NEW_YORK,
    Place {
        zone: "Europe/Istanbul",
        currency: Currency {
            code: "TRY", name: "Turkish lira", symbol: "₺", entity: "&#8378;", decimals: 2, unit: 20
        },
        country: "TR",
        state: "TR34",
        city: "İstanbul",
        postcode: "34000",
        tax: Some(Tax { code: "TR-KDV-1", label: "KDV", thousandths: 20_000 }),
        storage: Storage::Posts,
        version: "8.9.3",
        wordpress: "6.5",
    },
    Place {
        zone: "Asia/Tokyo",
        currency: Currency { code: "JPY", name: "Japanese yen", symbol: "¥", entity: "&yen;", decimals: 0, unit: 120 },
        country: "JP",
        state: "JP13",
        city: "東京",
        postcode: "100-0001",
        tax: Some(Tax { code: "JP-消費税-1", label: "消費税", thousandths: 10_000 }),
        storage: Storage::Hpos,
        version: "11.0.1",
        wordpress: "7.1",
    },
    Place {
        zone: "Pacific/Auckland",
        currency: Currency {
            code: "NZD",
            name: "New Zealand dollar",
            symbol: "$",
            entity: "&#36;",
            decimals: 2,
            unit: 1,
        },
        country: "NZ",
        state: "AUK",
        city: "Auckland",
        postcode: "1010",
        tax: Some(Tax { code: "NZ-GST-1", label: "GST", thousandths: 15_000 }),
        storage: Storage::Hpos,
        version: "11.0.1",
        wordpress: "7.1",
    },
    Place {
        zone: "America/Los_Angeles",
        currency: USD,
        country: "US",
        state: "CA",
        city: "San José",
        postcode: "95112",
        tax: None,
        storage: Storage::Posts,
        version: "8.9.3",
        wordpress: "6.5",
    },
    Place {
        zone: "Asia/Kuwait",
        currency: Currency {
            code: "KWD",
            name: "Kuwaiti dinar",
            symbol: "د.ك",
            entity: "&#x62f;.&#x643;",
            decimals: 3,
            unit: 1,
        },
        country: "KW",
        state: "",
        city: "Kuwait City",
        postcode: "13001",
        tax: None,
        storage: Storage::Hpos,
        version: "11.0.1",
        wordpress: "7.1",
    },
    Place {
        zone: "Africa/Johannesburg",
        currency: Currency {
            code: "ZAR",
            name: "South African rand",
            symbol: "R",
            entity: "&#82;",
            decimals: 2,
            unit: 15,
        },
        country: "ZA",
        state: "WC",
        city: "Cape Town",
        postcode: "8001",
        tax: Some(Tax { code: "ZA-VAT-1", label: "VAT", thousandths: 15_000 }),
        storage: Storage::Hpos,
        version: "11.0.1",
        wordpress: "7.1",
    },
    Place {
        zone: "Europe/Berlin",
        currency: Currency { code: "EUR", name: "Euro", symbol: "€", entity: "&euro;", decimals: 2, unit: 1 },
        country: "DE",
        state: "DE-BE",
        city: "Berlin",
        postcode: "10115",
        tax: Some(Tax { code: "DE-MWST-1", label: "MwSt.", thousandths: 19_000 }),
        storage: Storage::Posts,
        version: "8.9.3",
        wordpress: "6.5",
    },
    Place {
        zone: "Pacific/Kiritimati",
        currency: AUD,
        country: "KI",
        state: "",
        city: "London",
        postcode: "KI0207",
        tax: None,
        storage: Storage::Posts,
        version: "8.9.3",
        wordpress: "6.5",
    },
    Place {
        zone: "Pacific/Pago_Pago",
        currency: USD,
        country: "AS",
        state: "",
        city: "Pago Pago",
        postcode: "96799",
        tax: None,
        storage: Storage::Hpos,
        version: "11.0.1",
        wordpress: "7.1",
    },
    Place {
        zone: "Pacific/Honolulu",
        currency: USD,
        country: "US",
        state: "HI",
        city: "Honolulu",
        postcode: "96801",
        tax: Some(Tax { code: "US-HI-GET-1", label: "GET", thousandths: 4712 }),
        storage: Storage::Posts,
        version: "11.0.1",
        wordpress: "7.1",
    },
    Place {
        zone: "America/St_Johns",
        currency: Currency { code: "CAD", name: "Canadian dollar", symbol: "$", entity: "&#36;", decimals: 2, unit: 1 },
        country: "CA",
        state: "NL",
        city: "St. John's",
        postcode: "A1A 0A1",
        tax: Some(Tax { code: "CA-NL-HST-1", label: "HST", thousandths: 15_000 }),
        storage: Storage::Hpos,
        version: "11.0.1",
        wordpress: "7.1",
    },
    Place {
        zone: "+05:45",
        currency: Currency {
            code: "NPR",
            name: "Nepalese rupee",
            symbol: "₨",
            entity: "&#8360;",
            decimals: 2,
            unit: 60,
        },
        country: "NP",
        state: "BAG",
        city: "Kathmandu",
        postcode: "44600",
        tax: None,
        storage: Storage::Posts,
        version: "8.9.3",
        wordpress: "6.5",
    },
    Place {
        zone: "Australia/Lord_Howe",
        currency: AUD,
        country: "AU",
        state: "NSW",
        city: "Lord Howe Island",
        postcode: "2898",
        tax: Some(Tax { code: "AU-GST-1", label: "GST", thousandths: 10_000 }),
        storage: Storage::Hpos,
        version: "10.2.2",
        wordpress: "6.8",
    },
];
