use crate::imports::World;
use axum::http::StatusCode;
use pass::Role;
use store::Pool;
use store::account::{Grant, Place};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn roles_are_granted_where_they_may_be_and_nowhere_else(pool: Pool) {
    let world = World::new(pool).await;
    let name = pass::Text::new("计算机学院", "Computing");
    let unit = store::unit::create(&world.pool, world.site, "201", &name, None)
        .await
        .unwrap();
    let entry = format!("entry%5Bname%5D=x&entry%5Bkind%5D=staff&entry%5Bunit%5D={unit}");
    let entered = world
        .post("admin/enter-person", &format!("number=0701&{entry}"))
        .await;
    assert!(entered.is_success() || entered.is_redirection(), "{entered}");
    let again = world
        .post("admin/enter-person", &format!("number=0701&{entry}"))
        .await;
    assert_eq!(again, StatusCode::UNPROCESSABLE_ENTITY, "the number is taken");
    let one = store::person::by_number(&world.pool, world.site, "0701")
        .await
        .unwrap()
        .unwrap()
        .account;
    for (role, at, status) in [
        ("unit_head", "site".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        ("office", format!("unit-{unit}"), StatusCode::UNPROCESSABLE_ENTITY),
        ("office", "zone-0".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        ("guard", "zone-9".to_owned(), StatusCode::CONFLICT),
        ("unit_head", "unit-x".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = world
            .post("admin/grant-role", &format!("id={one}&role={role}&at={at}"))
            .await;
        assert_eq!(answer, status, "{role} at {at}");
    }
    let roles = async || store::account::roles(&world.pool, world.site, one).await.unwrap();
    assert_eq!(roles().await, []);
    let granted = world
        .post(
            "admin/grant-role",
            &format!("id={one}&role=unit_head&at=unit-{unit}"),
        )
        .await;
    assert!(granted.is_success(), "{granted}");
    let head = Grant {
        role: Role::UnitHead,
        at: Place::Unit(unit),
    };
    assert_eq!(roles().await, [head]);
    let shown = world
        .get(&format!("/admin/units/{unit}?role=unit_head&number=0701"))
        .await;
    assert!(shown.contains("已是"), "{shown}");
    let shown = world.get("/admin/people?who=roles").await;
    assert!(shown.contains("单位负责人 · 计算机学院"), "{shown}");

    // People keep a unit open; whoever asks does not leave.
    let closed = world.post("admin/close-unit", &format!("id={unit}")).await;
    assert_eq!(closed, StatusCode::UNPROCESSABLE_ENTITY);
    let myself = world.account;
    let left = world.post("admin/leave-person", &format!("id={myself}")).await;
    assert_eq!(left, StatusCode::FORBIDDEN);
    let left = world.post("admin/leave-person", &format!("id={one}")).await;
    assert!(left.is_success(), "{left}");
    let closed = world.post("admin/close-unit", &format!("id={unit}")).await;
    assert!(closed.is_success(), "{closed}");
    let back = world.post("admin/return-person", &format!("id={one}")).await;
    assert_eq!(back, StatusCode::CONFLICT, "their unit is closed");
}
