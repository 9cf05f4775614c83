//! The short-lived store, in the process or in Redis.

use std::time::Duration;

use docket::kv::{Attempt, Kv};

use crate::support::{World, minutes};

const RIGHT: [u8; 32] = [7; 32];
const WRONG: [u8; 32] = [8; 32];

async fn try_code(kv: &Kv, hash: [u8; 32]) -> Attempt {
    kv.try_code("code", &[hash]).await.unwrap()
}

#[tokio::test]
async fn a_text_is_kept_for_its_time_and_taken_once() {
    let world = World::new().await;
    let kv = &world.docket.kv;
    kv.put("key", "one".into(), minutes(1)).await.unwrap();
    kv.put("key", "two ∅\0\"".into(), minutes(1)).await.unwrap();
    assert_eq!(kv.get("key").await.unwrap().as_deref(), Some("two ∅\0\""));
    assert_eq!(kv.take("key").await.unwrap().as_deref(), Some("two ∅\0\""));
    assert_eq!(kv.take("key").await.unwrap(), None);
    assert_eq!(kv.get("key").await.unwrap(), None);
    kv.put("key", "three".into(), minutes(1)).await.unwrap();
    world.wait(minutes(1));
    assert_eq!(kv.get("key").await.unwrap(), None);
    assert_eq!(kv.take("key").await.unwrap(), None);
}

#[tokio::test]
async fn a_text_is_taken_by_one_of_many() {
    let world = World::new().await;
    world.docket.kv.put("key", "text".into(), minutes(1)).await.unwrap();
    let takers: Vec<_> = (0..20)
        .map(|_| {
            let kv = world.docket.kv.clone();
            tokio::spawn(async move { kv.take("key").await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for taker in takers {
        taken += usize::from(taker.await.unwrap().is_some());
    }
    assert_eq!(taken, 1);
}

#[tokio::test]
async fn a_pause_is_begun_by_one_and_tells_the_others_what_is_left() {
    let world = World::new().await;
    let kv = &world.docket.kv;
    assert_eq!(kv.pause("key", minutes(10)).await.unwrap(), Ok(()));
    world.wait(minutes(4));
    let left = kv.pause("key", minutes(10)).await.unwrap().unwrap_err();
    assert!(left <= minutes(6) && left > minutes(5), "{left:?}");
    world.wait(minutes(6));
    assert_eq!(kv.pause("key", minutes(10)).await.unwrap(), Ok(()));
}

#[tokio::test]
async fn a_limit_lets_so_many_pass_in_a_period_that_begins_with_the_first() {
    let world = World::new().await;
    let kv = &world.docket.kv;
    for _ in 0..3 {
        world.wait(minutes(1));
        assert_eq!(kv.count("key", 3, minutes(10)).await, Ok(()));
    }
    let left = kv.count("key", 3, minutes(10)).await.unwrap_err();
    assert!(left <= minutes(8) && left > minutes(7), "{left:?}");
    assert_eq!(kv.count("another key", 3, minutes(10)).await, Ok(()));
    world.wait(minutes(8));
    assert_eq!(kv.count("key", 3, minutes(10)).await, Ok(()));
}

#[tokio::test]
async fn a_limit_holds_for_many_at_once() {
    let world = World::new().await;
    let counters: Vec<_> = (0..50)
        .map(|_| {
            let kv = world.docket.kv.clone();
            tokio::spawn(async move { kv.count("key", 30, minutes(1)).await.is_ok() })
        })
        .collect();
    let mut passed = 0;
    for counter in counters {
        passed += usize::from(counter.await.unwrap());
    }
    assert_eq!(passed, 30);
}

#[tokio::test]
async fn a_code_opens_once_within_its_time_and_its_tries() {
    let world = World::new().await;
    let kv = &world.docket.kv;
    assert_eq!(try_code(kv, RIGHT).await, Attempt::Missing);
    kv.put_code("code", RIGHT, 3, minutes(10)).await.unwrap();
    assert_eq!(try_code(kv, WRONG).await, Attempt::Wrong);
    assert_eq!(try_code(kv, RIGHT).await, Attempt::Right);
    assert_eq!(try_code(kv, RIGHT).await, Attempt::Used);
    assert_eq!(try_code(kv, WRONG).await, Attempt::Used);
    kv.put_code("code", RIGHT, 2, minutes(10)).await.unwrap();
    assert_eq!(try_code(kv, WRONG).await, Attempt::Wrong);
    assert_eq!(try_code(kv, WRONG).await, Attempt::Exhausted);
    assert_eq!(try_code(kv, RIGHT).await, Attempt::Exhausted);
    kv.put_code("code", RIGHT, 2, minutes(10)).await.unwrap();
    world.wait(minutes(10));
    assert_eq!(try_code(kv, RIGHT).await, Attempt::Missing);
}

// R10.
#[tokio::test]
async fn a_code_opens_for_one_of_many_at_once() {
    let world = World::new().await;
    world.docket.kv.put_code("code", RIGHT, 3, minutes(10)).await.unwrap();
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let kv = world.docket.kv.clone();
            tokio::spawn(async move { try_code(&kv, RIGHT).await })
        })
        .collect();
    let mut opened = 0;
    for attempt in tries {
        opened += usize::from(attempt.await.unwrap() == Attempt::Right);
    }
    assert_eq!(opened, 1);
}

#[tokio::test]
async fn a_text_is_not_a_code_and_a_code_is_not_a_text() {
    let world = World::new().await;
    let kv = &world.docket.kv;
    kv.put("code", "text".into(), minutes(1)).await.unwrap();
    assert_eq!(try_code(kv, RIGHT).await, Attempt::Missing);
    kv.put_code("key", RIGHT, 3, minutes(1)).await.unwrap();
    assert_eq!(kv.get("key").await.unwrap(), None);
    kv.ping().await.unwrap();
}

#[tokio::test]
async fn what_is_announced_is_heard_by_the_other_nodes() {
    if !testing::on_servers() {
        return; // Alone there is nobody to hear.
    }
    let world = World::new().await;
    let (kv, other) = (world.docket.kv.clone(), world.docket.kv.clone());
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let hearing = tokio::spawn(async move { other.hear(|what| told.send(what.to_owned()).unwrap()).await });
    // Nobody says when a listener has begun: it is called until it hears.
    let news = async {
        loop {
            kv.announce("session:1").await.unwrap();
            if let Ok(what) = tokio::time::timeout(Duration::from_millis(50), heard.recv()).await {
                return what.unwrap();
            }
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(20), news).await.unwrap(), "session:1");
    hearing.abort();
}
