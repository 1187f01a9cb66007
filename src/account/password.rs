//! Passwords, by argon2id. Hashing takes tens of milliseconds of one core, so it leaves the async threads.

use anyhow::anyhow;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::permits::{self, Step};

pub const SHORTEST: usize = 10;

/// # Errors
/// Words for the person, when the password is too short or tells the login.
pub fn check_strength(password: &str, login: &str) -> Result<(), String> {
    if password.chars().count() < SHORTEST {
        return Err(format!("密码至少 {SHORTEST} 个字符"));
    }
    if password.to_lowercase().contains(&login.to_lowercase()) {
        return Err("密码不能包含登录名".into());
    }
    Ok(())
}

/// Takes a turn.
///
/// # Errors
/// When there is none, or the system gives no randomness.
pub async fn hash(password: String) -> anyhow::Result<String> {
    let hashing = permits::blocking(Step::Password, move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| anyhow!("{error}"))
    });
    hashing.await?
}

/// Also takes its time when there is no such account, so that the answer does not tell. Whoever calls it has the turn.
pub(super) async fn verify(password: String, stored: Option<String>) -> anyhow::Result<bool> {
    tokio::task::spawn_blocking(move || match stored {
        Some(stored) => {
            let parsed = PasswordHash::new(&stored).map_err(|error| anyhow!("{error}"))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
        }
        None => {
            let _ = Argon2::default().hash_password(password.as_bytes());
            Ok(false)
        }
    })
    .await?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let hash = hash("亩均论英雄-2026".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify("亩均论英雄-2026".into(), Some(hash.clone())).await.unwrap());
        assert!(!verify("亩均论英雄-2025".into(), Some(hash)).await.unwrap());
        assert!(!verify("x".into(), None).await.unwrap());
    }

    #[test]
    fn strength() {
        assert!(check_strength("123456789", "li").is_err());
        assert!(check_strength("1234567890", "li").is_ok());
        assert!(check_strength("xx-Admin-2026", "admin").is_err());
    }
}
