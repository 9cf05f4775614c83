//! Todos.

use docket::error::Code;
use docket::lists::{Place, service as lists};
use docket::order::LONGEST;
use docket::todos::service::{Change, change, clear_done, create, delete, page};
use docket::todos::{Notes, Title};

use crate::support::{World, new_todo, refused};

fn done(done: bool) -> Change {
    Change { done: Some(done), ..Change::default() }
}

fn to(place: Place) -> Change {
    Change { place: Some(place), ..Change::default() }
}

#[tokio::test]
async fn todos_are_added_edited_and_done() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "a").await;
    let todo = world.todo(&ann, &list, "Milk").await;
    let wanted = Change {
        title: Some(Title::parse("Oat milk").unwrap()),
        notes: Some(Notes::parse("two\nlitres").unwrap()),
        ..Change::default()
    };
    let edited = change(&world.docket, ann.id, todo.id, wanted, Some(1)).await.unwrap();
    assert_eq!((edited.title.as_str(), edited.notes.as_str(), edited.version), ("Oat milk", "two\nlitres", 2));
    assert!(change(&world.docket, ann.id, todo.id, done(true), None).await.unwrap().done);
    let counted = lists::get(&world.docket, ann.id, list.id).await.unwrap();
    assert_eq!((counted.open_count, counted.done_count), (0, 1));
    assert!(!change(&world.docket, ann.id, todo.id, done(false), None).await.unwrap().done);
}

#[tokio::test]
async fn todos_move_up_down_first_and_behind_another() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let mut all = Vec::new();
    for title in ["a", "b", "c", "d"] {
        all.push(world.todo(&ann, &list, title).await);
    }
    for (which, place, expected) in [
        (0, Place::Down, ["b", "a", "c", "d"]),
        (3, Place::Up, ["b", "a", "d", "c"]),
        (2, Place::First, ["c", "b", "a", "d"]),
        (2, Place::Up, ["c", "b", "a", "d"]),
        (2, Place::After(all[0].id), ["b", "a", "c", "d"]),
        (1, Place::Last, ["a", "c", "d", "b"]),
    ] {
        change(&world.docket, ann.id, all[which].id, to(place), None).await.unwrap();
        assert_eq!(world.titles(&ann, &list).await, expected, "{which} {place:?}");
    }
}

#[tokio::test]
async fn a_step_passes_over_todos_that_are_shown_apart() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let a = world.todo(&ann, &list, "a").await;
    let b = world.todo(&ann, &list, "b").await;
    world.todo(&ann, &list, "c").await;
    change(&world.docket, ann.id, b.id, done(true), None).await.unwrap();
    change(&world.docket, ann.id, a.id, to(Place::Down), None).await.unwrap();
    assert_eq!(world.titles(&ann, &list).await, ["b", "c", "a"]);
}

#[tokio::test]
async fn a_thousand_moves_into_one_gap_keep_the_order_and_bounded_keys() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let first = world.todo(&ann, &list, "first").await;
    let mut movers = Vec::new();
    for title in ["x", "y", "z"] {
        movers.push(world.todo(&ann, &list, title).await);
    }
    for n in 0..1000 {
        let moved = &movers[n % 3];
        change(&world.docket, ann.id, moved.id, to(Place::After(first.id)), None).await.unwrap();
        if n % 100 == 99 {
            let expected = ["first", &movers[n % 3].title, &movers[(n + 2) % 3].title, &movers[(n + 1) % 3].title];
            assert_eq!(world.titles(&ann, &list).await, expected);
        }
    }
    let mut conn = world.docket.db.read().await.unwrap();
    let longest: i64 = docket::each_engine!(conn, |c| sqlx::query_scalar("select max(length(position)) from todos")
        .fetch_one(c)
        .await)
    .unwrap();
    assert!(usize::try_from(longest).unwrap() <= LONGEST);
}

#[tokio::test]
async fn moving_one_todo_writes_one_row() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    for n in 0..20 {
        world.todo(&ann, &list, &n.to_string()).await;
    }
    let before = page(&world.docket, ann.id, list.id, None, 100).await.unwrap();
    change(&world.docket, ann.id, before[15].id, to(Place::First), None).await.unwrap();
    let after = page(&world.docket, ann.id, list.id, None, 100).await.unwrap();
    let raised = after.iter().filter(|todo| todo.version > 1).count();
    assert_eq!(raised, 1);
}

#[tokio::test]
async fn a_todo_moves_to_the_end_of_another_list() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let (here, there) = (world.list(&ann, "here").await, world.list(&ann, "there").await);
    let todo = world.todo(&ann, &here, "mover").await;
    world.todo(&ann, &there, "resident").await;
    let wanted = Change { list: Some(there.id), ..Change::default() };
    assert_eq!(change(&world.docket, ann.id, todo.id, wanted, None).await.unwrap().list_id, there.id);
    assert!(world.titles(&ann, &here).await.is_empty());
    assert_eq!(world.titles(&ann, &there).await, ["resident", "mover"]);
}

#[tokio::test]
async fn a_stale_edit_changes_nothing_and_says_so() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    let todo = world.todo(&ann, &list, "a").await;
    let title = |text| Change { title: Some(Title::parse(text).unwrap()), ..Change::default() };
    change(&world.docket, ann.id, todo.id, title("b"), Some(1)).await.unwrap();
    assert_eq!(
        refused(change(&world.docket, ann.id, todo.id, title("c"), Some(1)).await).code(),
        Code::VersionConflict
    );
    assert_eq!(world.titles(&ann, &list).await, ["b"]);
}

#[tokio::test]
async fn a_repeated_create_makes_one_todo() {
    let world = World::new().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let list = world.list(&ann, "l").await;
    let new = new_todo(list.id, "once");
    let first = create(&world.docket, ann.id, new.clone()).await.unwrap();
    assert_eq!(create(&world.docket, ann.id, new.clone()).await.unwrap(), first);
    let theirs = world.list(&bob, "theirs").await;
    let stolen = docket::todos::service::New { list: theirs.id, ..new };
    assert_eq!(refused(create(&world.docket, bob.id, stolen).await).code(), Code::IdTaken);
}

#[tokio::test]
async fn long_lists_come_in_stretches_that_miss_nothing() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    for n in 0..25 {
        world.todo(&ann, &list, &format!("{n:02}")).await;
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let stretch = page(&world.docket, ann.id, list.id, after, 10).await.unwrap();
        let Some(last) = stretch.last() else { break };
        after = Some(last.id);
        seen.extend(stretch.into_iter().map(|todo| todo.title));
    }
    assert_eq!(seen, world.titles(&ann, &list).await);
    assert_eq!(seen.len(), 25);
}

#[tokio::test]
async fn clearing_takes_the_done_ones_only() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "l").await;
    for title in ["a", "b", "c"] {
        let todo = world.todo(&ann, &list, title).await;
        change(&world.docket, ann.id, todo.id, done(title != "b"), None).await.unwrap();
    }
    assert_eq!(clear_done(&world.docket, ann.id, list.id).await.unwrap(), 2);
    assert_eq!(world.titles(&ann, &list).await, ["b"]);
}

#[tokio::test]
async fn somebody_elses_todo_is_not_there() {
    let world = World::new().await;
    let (ann, eve) = (world.user("ann").await, world.user("eve").await);
    let list = world.list(&ann, "l").await;
    let theirs = world.list(&eve, "theirs").await;
    let todo = world.todo(&ann, &list, "secret").await;
    let evil = world.todo(&eve, &theirs, "evil").await;
    let into_ours = Change { list: Some(list.id), ..Change::default() };
    for answer in [
        refused(page(&world.docket, eve.id, list.id, None, 10).await),
        refused(create(&world.docket, eve.id, new_todo(list.id, "x")).await),
        refused(change(&world.docket, eve.id, todo.id, done(true), None).await),
        refused(change(&world.docket, eve.id, evil.id, into_ours, None).await),
        refused(delete(&world.docket, eve.id, todo.id).await),
        refused(clear_done(&world.docket, eve.id, list.id).await),
    ] {
        assert_eq!(answer.code(), Code::NotFound);
    }
    assert_eq!(page(&world.docket, ann.id, list.id, None, 10).await.unwrap(), [todo]);
}
