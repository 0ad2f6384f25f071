//! The columns of a table of objections, by the words that spreadsheets have in their header.

use csv::StringRecord;

use super::row::Row;
use crate::command::Failure;

/// The fields of a row, and what their columns are called in English, German, French, Spanish, Italian, Polish and Dutch.
const FIELDS: [(&str, &[&str]); 7] = [
    (
        "platform",
        &[
            "plattform",
            "plateforme",
            "plataforma",
            "piattaforma",
            "platforma",
            "dienst",
            "service",
            "servicio",
            "servizio",
        ],
    ),
    (
        "email",
        &[
            "mail",
            "mailadresse",
            "emailadresse",
            "emailaddress",
            "adresseemail",
            "adressemail",
            "courriel",
            "correo",
            "correoelectrónico",
            "indirizzoemail",
            "postaelettronica",
            "adresemail",
            "adresmailowy",
            "emailadres",
        ],
    ),
    ("country", &["land", "staat", "pays", "país", "pais", "paese", "kraj"]),
    (
        "submitted",
        &[
            "date",
            "datum",
            "fecha",
            "data",
            "submittedon",
            "eingereicht",
            "eingereichtam",
            "datedenvoi",
            "soumisle",
            "fechadeenvío",
            "enviado",
            "datadiinvio",
            "inviato",
            "datawysłania",
            "wysłano",
            "sent",
            "senton",
            "abgeschickt",
            "abgeschicktam",
            "abgesendet",
            "gesendet",
            "gesendetam",
            "envoyé",
            "envoyéle",
            "enviadoel",
            "inviatoil",
            "wysłane",
            "verzonden",
            "verzondenop",
            "ingediend",
            "ingediendop",
        ],
    ),
    ("label", &["name", "nom", "nombre", "nome", "nazwa", "naam", "bezeichnung", "etikett", "étiquette", "etiqueta"]),
    ("reason", &["grund", "begründung", "motif", "raison", "motivo", "razón", "powód", "reden"]),
    ("formurl", &["form", "formular", "formulaire", "formulario", "modulo", "formularz", "formulier"]),
];

/// Which field stands in which column.
#[derive(Debug)]
pub struct Columns {
    fields: Vec<Option<&'static str>>,
    /// The names of the columns that are no field.
    pub unused: Vec<String>,
}

impl Columns {
    /// Reads a header. `map` has the columns that the user names, each with its field.
    pub fn new(header: &StringRecord, map: &[(String, String)]) -> Result<Self, Failure> {
        for (column, field) in map {
            if known(field).is_none() {
                return Err(Failure::usage(format!("--map: no field `{field}`"))
                    .remedy("use platform, email, country, submitted, label, reason or form_url"));
            }
            if !header.iter().any(|name| plain(name) == plain(column)) {
                return Err(Failure::usage(format!("--map: no column `{column}`"))
                    .remedy(format!("the columns are {}", header.iter().collect::<Vec<_>>().join(", "))));
            }
        }
        let named =
            |name: &str| map.iter().find(|(column, _)| plain(column) == plain(name)).map(|(_, field)| field.as_str());
        let fields: Vec<_> = header.iter().map(|name| known(named(name).unwrap_or(name))).collect();
        for (field, _) in FIELDS {
            let twice: Vec<&str> =
                header.iter().zip(&fields).filter(|(_, f)| **f == Some(field)).map(|(name, _)| name).collect();
            if let [first, second, ..] = twice.as_slice() {
                return Err(Failure::usage(format!("columns `{first}` and `{second}` are both the {field}"))
                    .remedy(format!("give one of them another name, or say which: --map {first}={field}")));
            }
        }
        let unused =
            header.iter().zip(&fields).filter(|(_, field)| field.is_none()).map(|(name, _)| name.to_owned()).collect();
        let columns = Self { fields, unused };
        match ["platform", "email"].into_iter().find(|field| !columns.fields.contains(&Some(field))) {
            None => Ok(columns),
            Some(missing) => Err(Failure::usage(format!("no column is called `{missing}`"))
                .remedy(format!("write a header line, or say which one it is: --map COLUMN={missing}"))),
        }
    }

    /// Whether a column says when the objections were submitted.
    pub fn has_times(&self) -> bool {
        self.fields.contains(&Some("submitted"))
    }

    /// The row that a record is. Empty cells are absent.
    pub fn row(&self, record: &StringRecord) -> Row {
        let cell = |wanted: &str| {
            let at = self.fields.iter().position(|field| *field == Some(wanted))?;
            record.get(at).map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned)
        };
        Row {
            platform: cell("platform").unwrap_or_default(),
            email: cell("email").unwrap_or_default(),
            country: cell("country"),
            submitted: cell("submitted"),
            label: cell("label"),
            reason: cell("reason"),
            form_url: cell("formurl"),
        }
    }
}

/// The field that a column's name stands for.
fn known(name: &str) -> Option<&'static str> {
    let name = plain(name);
    FIELDS.iter().find(|(field, words)| *field == name || words.contains(&name.as_str())).map(|(field, _)| *field)
}

/// A name in small letters, without blanks, hyphens and the like.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
