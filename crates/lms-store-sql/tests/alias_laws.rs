//! An alias stays what it was, and leads from one provider to another for nobody.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::collections::{HashMap, HashSet};

use common::*;
use proptest::prelude::*;
use scormbridge_lms::classroom::ports::Store as _;
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support;

/// Whatever the order of launches, each pair of provider and learner has one alias, and no alias serves two pairs.
#[test]
fn aliases_are_stable_and_unlinkable() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    for test in runtime.block_on(test_support::each()) {
        let providers: Vec<_> = (1..4).map(provider).collect();
        let users: Vec<_> = (0..4)
            .map(|n| user(&format!("u{n}"), Role::Student))
            .collect();
        runtime.block_on(async {
            let mut tx = service(&test.store).await;
            for provider in &providers {
                tx.providers().insert(provider).await.unwrap();
            }
            for user in &users {
                tx.users().insert(user).await.unwrap();
            }
            tx.commit().await.unwrap();
        });
        let launches = proptest::collection::vec((0..providers.len(), 0..users.len()), 1..12);
        proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) }, |(launches in launches)| {
            runtime.block_on(async {
                let mut tx = test.store.begin(&Actor::Service).await.unwrap();
                let mut known: HashMap<_, AliasId> = HashMap::new();
                for (p, u) in launches {
                    let proposed = Alias::propose(providers[p].id, users[u].id, &Chance, NOW);
                    let kept = tx.aliases().ensure(&proposed).await.unwrap();
                    assert_eq!(*known.entry((p, u)).or_insert(kept.alias), kept.alias);
                    let behind = tx.aliases().find(kept.provider, kept.alias).await.unwrap();
                    assert_eq!(behind, Some(kept));
                    for other in providers.iter().filter(|other| other.id != kept.provider) {
                        let elsewhere = tx.aliases().find(other.id, kept.alias).await.unwrap();
                        assert_eq!(elsewhere, None);
                    }
                }
                let distinct: HashSet<_> = known.values().collect();
                assert_eq!(distinct.len(), known.len(), "no alias serves two pairs");
                tx.commit().await.unwrap();
            });
        });
    }
}
