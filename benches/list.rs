//! How long it takes to list many objections, from the record to the text: `cargo bench --bench list`. 10,000 are to
//! take less than 100 ms.
#![allow(clippy::expect_used, missing_docs)]

use divan::{Bencher, black_box};
use jiff::{SignedDuration, Timestamp};
use objection_tracker::objection::{Cause, Kind, Objection, Platform, Standing};
use objection_tracker::report;
use objection_tracker::store::{NewObjection, Store, StoreError};

fn main() {
    divan::main();
}

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().expect("a time")
}

/// A record with so many objections, of all ages, every third one decided.
fn record(count: i64) -> Store {
    let mut store = Store::in_memory().expect("memory");
    store
        .transaction(|records| {
            for number in 0..count {
                let at = now().saturating_sub(SignedDuration::from_hours(number % 2400)).expect("in range");
                let id = records.add(&objection(number, at), at)?;
                if number % 3 == 0 {
                    let recorded = records.objection(id)?.expect("recorded");
                    let step = recorded.step(Kind::Accepted, Cause::User, at, at).expect("an answer decides");
                    records.append(&step)?;
                }
            }
            Ok::<_, StoreError>(())
        })
        .expect("recorded");
    store
}

fn objection(number: i64, submitted_at: Timestamp) -> NewObjection {
    NewObjection {
        platform: if number % 2 == 0 { Platform::Facebook } else { Platform::Instagram },
        email: format!("member-{number}@example.org"),
        country: Some("DE".to_owned()),
        label: Some(format!("member {number}")),
        reason: None,
        form_url: None,
        submitted_at,
    }
}

fn objections(store: &Store) -> Vec<Objection> {
    store.records().objections().expect("objections")
}

fn sorted(objections: &[Objection]) -> Vec<Standing<'_>> {
    let mut standings: Vec<_> = objections.iter().map(|objection| objection.at(now())).collect();
    standings.sort_by_key(|standing| (standing.next.on, standing.objection.id));
    standings
}

#[divan::bench(args = [1_000, 10_000])]
fn lines(bencher: Bencher<'_, '_>, count: i64) {
    let store = record(count);
    bencher.bench_local(|| report::objections(black_box(&sorted(&objections(&store))), false));
}

#[divan::bench(args = [1_000, 10_000])]
fn table(bencher: Bencher<'_, '_>, count: i64) {
    let store = record(count);
    bencher.bench_local(|| report::objections(black_box(&sorted(&objections(&store))), true));
}

#[divan::bench(args = [1_000, 10_000])]
fn csv(bencher: Bencher<'_, '_>, count: i64) {
    let store = record(count);
    bencher.bench_local(|| report::objections_csv(black_box(&sorted(&objections(&store)))));
}
