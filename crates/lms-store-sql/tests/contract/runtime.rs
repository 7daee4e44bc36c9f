//! What runtimes use: nonces, answers kept for retries, checkpoints.

use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::test_support;

use crate::common::*;

#[tokio::test]
async fn a_nonce_counts_once_even_when_two_present_it() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let nonce = school.token.nonce;
        let redeem = || async {
            let mut tx = service(&test.store).await;
            let redemption = tx.launches().redeem(nonce, NOW.plus_ms(1)).await.unwrap();
            tx.commit().await.unwrap();
            redemption
        };
        let (a, b) = tokio::join!(redeem(), redeem());
        let counted = [&a, &b]
            .iter()
            .filter(|r| matches!(r, Redemption::Redeemed(_)))
            .count();
        assert_eq!(counted, 1, "{}: {a:?} {b:?}", test.engine);
        assert!([a, b].contains(&Redemption::AlreadyUsed));

        let mut tx = service(&test.store).await;
        let late = token(school.attempt.id);
        tx.launches().insert(&late).await.unwrap();
        let expired = tx
            .launches()
            .redeem(late.nonce, late.expires_at)
            .await
            .unwrap();
        assert_eq!(expired, Redemption::Expired);
        let unknown = tx
            .launches()
            .redeem(LaunchId::random(&Chance), NOW)
            .await
            .unwrap();
        assert_eq!(unknown, Redemption::Unknown);
        assert_eq!(
            tx.launches()
                .purge(late.expires_at.plus_ms(1))
                .await
                .unwrap(),
            2
        );
    }
}

#[tokio::test]
async fn a_repeated_request_gets_the_stored_answer() {
    for test in test_support::each().await {
        let answer = StoredAnswer {
            status: 200,
            body: r#"{"ok":true}"#.to_owned(),
        };
        let mut tx = service(&test.store).await;
        assert_eq!(
            tx.idempotency()
                .claim(&key("a"), &[1; 32], NOW)
                .await
                .unwrap(),
            Claim::Fresh
        );
        tx.rollback().await.unwrap();

        let first = || async {
            let mut tx = service(&test.store).await;
            let claim = tx
                .idempotency()
                .claim(&key("a"), &[1; 32], NOW)
                .await
                .unwrap();
            if claim == Claim::Fresh {
                tx.idempotency().finish(&key("a"), &answer).await.unwrap();
            }
            tx.commit().await.unwrap();
            claim
        };
        let (a, b) = tokio::join!(first(), first());
        let mut claims = [a, b];
        claims.sort_by_key(|claim| *claim != Claim::Fresh);
        assert_eq!(
            claims,
            [Claim::Fresh, Claim::Replay(answer.clone())],
            "{}",
            test.engine
        );

        let mut tx = service(&test.store).await;
        let other = tx
            .idempotency()
            .claim(&key("a"), &[2; 32], NOW)
            .await
            .unwrap();
        assert_eq!(other, Claim::Mismatch);
        assert_eq!(tx.idempotency().purge(NOW.plus_ms(1)).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_checkpoint_saved_again_replaces_the_one_before() {
    for test in test_support::each().await {
        let school = School::found(&test.store).await;
        let id = school.attempt.id;
        let mut tx = service(&test.store).await;
        let newer = Checkpoint::new(id, "main", "[1]".to_owned(), 9, NOW.plus_ms(1)).unwrap();
        tx.checkpoints().save(&newer).await.unwrap();
        assert_eq!(
            tx.checkpoints().find(id, "main").await.unwrap(),
            Some(newer)
        );
        tx.checkpoints().delete(id, "main").await.unwrap();
        assert_eq!(tx.checkpoints().find(id, "main").await.unwrap(), None);
        tx.commit().await.unwrap();
    }
}
