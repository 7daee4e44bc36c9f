//! Accounts and their sessions.

use async_trait::async_trait;
use scormbridge_lms::classroom::policy::{Operation, Table};
use scormbridge_lms::classroom::ports::{Page, Paged, Result, Sessions, StoreError, Users};
use scormbridge_lms::classroom::{
    Identity, PasswordHash, Role, Session, Timestamp, TokenHash, User, UserId,
};

use crate::link::{Row, strange, values_of};
use crate::page;
use crate::tx::{About, SqlTx};

macro_rules! select_users {
    ($rest:literal) => {
        concat!(
            "SELECT id, login, display_name, role, password_hash, issuer, subject, created_at FROM users ",
            $rest
        )
    };
}

fn user(row: &Row) -> Result<User> {
    let identity = match (row.opt_text("issuer")?, row.opt_text("subject")?) {
        (Some(issuer), Some(subject)) => Some(Identity { issuer, subject }),
        (None, None) => None,
        _ => return Err(strange("issuer")),
    };
    Ok(User {
        id: row.id("id", UserId::from_bits)?,
        login: row.text("login")?,
        display_name: row.text("display_name")?,
        role: row.word("role", Role::from_name)?,
        password_hash: row.opt_text("password_hash")?.map(PasswordHash::new),
        identity,
        created_at: row.time("created_at")?,
    })
}

const fn about(user: &User) -> About {
    About::Account(user.id)
}

pub(crate) const USERS_LIST: &str =
    select_users!("WHERE (login, id) > ($1, $2) ORDER BY login, id LIMIT $3");

#[async_trait]
impl Users for SqlTx {
    async fn insert(&mut self, user: &User) -> Result<()> {
        self.demand(Table::Users, Operation::Insert, About::Site)
            .await?;
        self.execute(
            "INSERT INTO users \
             (id, login, display_name, role, password_hash, issuer, subject, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values_of![
                user.id,
                user.login.to_ascii_lowercase(),
                &user.display_name,
                user.role.name(),
                user.password_hash.as_ref().map(PasswordHash::expose),
                user.identity
                    .as_ref()
                    .map(|identity| identity.issuer.as_str()),
                user.identity
                    .as_ref()
                    .map(|identity| identity.subject.as_str()),
                user.created_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn get(&mut self, id: UserId) -> Result<User> {
        let row = self
            .find(select_users!("WHERE id = $1"), values_of![id])
            .await?;
        let found = row.as_ref().map(user).transpose()?;
        self.shown(Table::Users, found, about)
            .await?
            .ok_or(StoreError::NotFound)
    }

    async fn find_by_login(&mut self, login: &str) -> Result<Option<User>> {
        let login = login.to_ascii_lowercase();
        let row = self
            .find(select_users!("WHERE login = $1"), values_of![login])
            .await?;
        let found = row.as_ref().map(user).transpose()?;
        self.shown(Table::Users, found, about).await
    }

    async fn find_by_identity(&mut self, identity: &Identity) -> Result<Option<User>> {
        let row = self
            .find(
                select_users!("WHERE issuer = $1 AND subject = $2"),
                values_of![&identity.issuer, &identity.subject],
            )
            .await?;
        let found = row.as_ref().map(user).transpose()?;
        self.shown(Table::Users, found, about).await
    }

    async fn update(&mut self, user: &User) -> Result<()> {
        self.demand(Table::Users, Operation::Update, about(user))
            .await?;
        self.execute_one(
            "UPDATE users SET login = $2, display_name = $3, role = $4, password_hash = $5, \
             issuer = $6, subject = $7 WHERE id = $1",
            values_of![
                user.id,
                user.login.to_ascii_lowercase(),
                &user.display_name,
                user.role.name(),
                user.password_hash.as_ref().map(PasswordHash::expose),
                user.identity
                    .as_ref()
                    .map(|identity| identity.issuer.as_str()),
                user.identity
                    .as_ref()
                    .map(|identity| identity.subject.as_str()),
            ],
        )
        .await
    }

    async fn delete(&mut self, id: UserId) -> Result<()> {
        self.demand(Table::Users, Operation::Delete, About::Account(id))
            .await?;
        self.execute_one("DELETE FROM users WHERE id = $1", values_of![id])
            .await
    }

    async fn list(&mut self, page: &Page) -> Result<Paged<User>> {
        self.demand(Table::Users, Operation::Select, About::Site)
            .await?;
        let (key, id) = page::after_text(page)?;
        let rows = self
            .all(USERS_LIST, vec![key, id, page::fetch(page)])
            .await?;
        page::paged(page, &rows, user, |user| {
            (user.login.clone(), user.id.bits())
        })
    }
}

#[async_trait]
impl Sessions for SqlTx {
    async fn insert(&mut self, session: &Session) -> Result<()> {
        self.demand(Table::Sessions, Operation::Insert, About::Site)
            .await?;
        self.execute(
            "INSERT INTO sessions (token_hash, user_id, csrf_hash, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5)",
            values_of![
                &session.token.0,
                session.user,
                &session.csrf.0,
                session.created_at,
                session.expires_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn find(&mut self, token: &TokenHash) -> Result<Option<Session>> {
        if !self
            .permit(Table::Sessions, Operation::Select, About::Site)
            .await?
        {
            return Ok(None);
        }
        let row = SqlTx::find(
            self,
            "SELECT user_id, csrf_hash, created_at, expires_at FROM sessions WHERE token_hash = $1",
            values_of![&token.0],
        )
        .await?;
        row.map(|row| {
            Ok(Session {
                token: *token,
                user: row.id("user_id", UserId::from_bits)?,
                csrf: TokenHash(row.hash("csrf_hash")?),
                created_at: row.time("created_at")?,
                expires_at: row.time("expires_at")?,
            })
        })
        .transpose()
    }

    async fn extend(&mut self, token: &TokenHash, expires_at: Timestamp) -> Result<()> {
        self.demand(Table::Sessions, Operation::Update, About::Site)
            .await?;
        self.execute_one(
            "UPDATE sessions SET expires_at = $2 WHERE token_hash = $1",
            values_of![&token.0, expires_at],
        )
        .await
    }

    async fn delete(&mut self, token: &TokenHash) -> Result<()> {
        self.demand(Table::Sessions, Operation::Delete, About::Site)
            .await?;
        self.execute(
            "DELETE FROM sessions WHERE token_hash = $1",
            values_of![&token.0],
        )
        .await
        .map(|_| ())
    }

    async fn delete_of_user(&mut self, user: UserId) -> Result<u64> {
        self.demand(Table::Sessions, Operation::Delete, About::Site)
            .await?;
        self.execute("DELETE FROM sessions WHERE user_id = $1", values_of![user])
            .await
    }

    async fn purge(&mut self, before: Timestamp) -> Result<u64> {
        self.demand(Table::Sessions, Operation::Delete, About::Site)
            .await?;
        self.execute(
            "DELETE FROM sessions WHERE token_hash IN \
                 (SELECT token_hash FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            values_of![before, page::batch()],
        )
        .await
    }
}
