//! Launch tokens, and what providers know learners by. Both are the server's own business.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{Aliases, Launches, Result, StoreError};
use scormbridge_lms::classroom::{
    Alias, AliasId, AttemptId, LaunchId, LaunchMode, LaunchToken, ProviderId, Redemption,
    Timestamp, UserId,
};

use crate::courses::scopes;
use crate::link::{Row, values_of};
use crate::page::batch;
use crate::tx::{About, SqlTx};

macro_rules! token_columns {
    () => {
        "nonce, attempt_id, audience, scopes, mode, issued_at, expires_at, used_at"
    };
}

fn token(row: &Row) -> Result<LaunchToken> {
    Ok(LaunchToken {
        nonce: row.id("nonce", LaunchId::from_bits)?,
        attempt: row.id("attempt_id", AttemptId::from_bits)?,
        audience: row.text("audience")?,
        scopes: scopes(row)?,
        mode: row.word("mode", LaunchMode::from_word)?,
        issued_at: row.time("issued_at")?,
        expires_at: row.time("expires_at")?,
        used_at: row.opt_time("used_at")?,
    })
}

#[async_trait]
impl Launches for SqlTx {
    async fn insert(&mut self, token: &LaunchToken) -> Result<()> {
        self.demand(
            Table::InteractiveLaunchTokens,
            Operation::Insert,
            About::Site,
        )
        .await?;
        self.execute(
            concat!(
                "INSERT INTO interactive_launch_tokens (",
                token_columns!(),
                ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            ),
            values_of![
                token.nonce,
                token.attempt,
                &token.audience,
                token.scopes.to_string(),
                token.mode.word(),
                token.issued_at,
                token.expires_at,
                token.used_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn redeem(&mut self, nonce: LaunchId, now: Timestamp) -> Result<Redemption> {
        self.demand(
            Table::InteractiveLaunchTokens,
            Operation::Update,
            About::Site,
        )
        .await?;
        let redeemed = self
            .execute_returning(
                concat!(
                    "UPDATE interactive_launch_tokens SET used_at = $2 \
                     WHERE nonce = $1 AND used_at IS NULL AND expires_at > $2 RETURNING ",
                    token_columns!()
                ),
                values_of![nonce, now],
            )
            .await?;
        if let Some(row) = redeemed {
            return Ok(Redemption::Redeemed(token(&row)?));
        }
        let row = self
            .find(
                "SELECT used_at FROM interactive_launch_tokens WHERE nonce = $1",
                values_of![nonce],
            )
            .await?;
        Ok(match row {
            None => Redemption::Unknown,
            Some(row) if row.opt_time("used_at")?.is_some() => Redemption::AlreadyUsed,
            Some(_) => Redemption::Expired,
        })
    }

    async fn purge(&mut self, before: Timestamp) -> Result<u64> {
        self.demand(
            Table::InteractiveLaunchTokens,
            Operation::Delete,
            About::Site,
        )
        .await?;
        self.execute(
            "DELETE FROM interactive_launch_tokens WHERE nonce IN \
                 (SELECT nonce FROM interactive_launch_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            values_of![before, batch()],
        )
        .await
    }
}

fn alias(row: &Row) -> Result<Alias> {
    Ok(Alias {
        provider: row.id("provider_id", ProviderId::from_bits)?,
        user: row.id("user_id", UserId::from_bits)?,
        alias: row.id("alias", AliasId::from_bits)?,
        created_at: row.time("created_at")?,
    })
}

#[async_trait]
impl Aliases for SqlTx {
    async fn ensure(&mut self, proposed: &Alias) -> Result<Alias> {
        self.demand(Table::UserAliases, Operation::Insert, About::Site)
            .await?;
        self.execute(
            "INSERT INTO user_aliases (provider_id, user_id, alias, created_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (provider_id, user_id) DO NOTHING",
            values_of![
                proposed.provider,
                proposed.user,
                proposed.alias,
                proposed.created_at
            ],
        )
        .await?;
        let row = self
            .find(
                "SELECT provider_id, user_id, alias, created_at FROM user_aliases \
                 WHERE provider_id = $1 AND user_id = $2",
                values_of![proposed.provider, proposed.user],
            )
            .await?;
        row.as_ref()
            .map(alias)
            .transpose()?
            .ok_or(StoreError::NotFound)
    }

    async fn find(&mut self, provider: ProviderId, name: AliasId) -> Result<Option<Alias>> {
        if !self
            .permit(Table::UserAliases, Operation::Select, About::Site)
            .await?
        {
            return Ok(None);
        }
        let row = SqlTx::find(
            self,
            "SELECT provider_id, user_id, alias, created_at FROM user_aliases \
             WHERE provider_id = $1 AND alias = $2",
            values_of![provider, name],
        )
        .await?;
        row.as_ref().map(alias).transpose()
    }
}
