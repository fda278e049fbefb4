use crate::world::*;
use pass::household::{Address, HouseholdRow};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use store::{
    Conflict, HouseholdId, Pool, account,
    claim::{self, ClaimDecided, ClaimState},
    household,
    register_import::Imported,
};

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_import_is_all_or_nothing(pool: Pool) {
    let site = site(&pool, "one").await;
    let import = async |rows: &[HouseholdRow]| household::import(&pool, site, rows, now()).await;
    let counts = |created, updated, unchanged| Imported {
        created,
        updated,
        unchanged,
    };
    let rows: Vec<_> = (0..300).map(|n| row(&format!("{n}"), "张三")).collect();
    assert_eq!(import(&rows).await.unwrap(), counts(300, 0, 0));
    assert_eq!(import(&rows).await.unwrap(), counts(0, 0, 300));
    let some = [row("0", "李四"), row("1", "张三"), row("a1", "王五")];
    assert_eq!(import(&some).await.unwrap(), counts(1, 1, 1));
    assert_eq!(
        import(&[row("A1", "王五")]).await.unwrap(),
        counts(0, 1, 0),
        "one door in another case"
    );

    let twice = import(&[row("new", "张三"), row("NEW", "李四")])
        .await
        .unwrap_err();
    assert_eq!(twice.conflict(), Some(Conflict::AddressTwice));
    // The database's own check refuses the second row: the first is not kept either.
    import(&[row("new", "张三"), row("newer", "")]).await.unwrap_err();
    assert_eq!(household::count(&pool, site).await.unwrap(), 301);
    assert_eq!(import(&[]).await.unwrap(), counts(0, 0, 0));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_address_is_chosen_step_by_step(pool: Pool) {
    let site = site(&pool, "one").await;
    let row = |community, building, door| HouseholdRow {
        address: Address::new(community, building, door),
        householder: "张三".into(),
    };
    let rows = [
        row("新华村", "10栋", "1-1"),
        row("新华村", "2栋", "10-1"),
        row("新华村", "2栋", "2-1"),
        row("松林坡小区", "1栋", "1"),
    ];
    household::import(&pool, site, &rows, now()).await.unwrap();
    assert_eq!(
        household::communities(&pool, site).await.unwrap(),
        ["新华村", "松林坡小区"]
    );
    assert_eq!(
        household::buildings(&pool, site, "新华村").await.unwrap(),
        ["2栋", "10栋"]
    );
    let doors = household::doors(&pool, site, "新华村", "2栋").await.unwrap();
    assert_eq!(
        doors.iter().map(|door| door.door.as_str()).collect::<Vec<_>>(),
        ["2-1", "10-1"]
    );
    let found = household::get(&pool, site, doors[0].household)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.address, Address::new("新华村", "2栋", "2-1"));
    assert_eq!(household::buildings(&pool, site, "无").await.unwrap(), [""; 0]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn search_by_name_in_pages(pool: Pool) {
    let site = site(&pool, "one").await;
    let name = |n| if n % 3 == 0 { "欧阳_1" } else { "欧阳x1" };
    let rows: Vec<_> = (0..30).map(|n| row(&format!("{n:02}"), name(n))).collect();
    household::import(&pool, site, &rows, now()).await.unwrap();
    let mut found: Vec<household::Household> = Vec::new();
    loop {
        let last = found.last().map(|row| row.address.clone());
        let page = household::search(&pool, site, "欧阳_", last.as_ref(), 4)
            .await
            .unwrap();
        if page.is_empty() {
            break;
        }
        found.extend(page);
    }
    assert_eq!(
        found.len(),
        10,
        "a sign of the pattern language stands for itself"
    );
    assert_eq!(
        household::search(&pool, site, "", None, 200).await.unwrap().len(),
        30
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_claim_is_made_and_decided(pool: Pool) {
    let site = site(&pool, "one").await;
    let office = officer(&pool, site, "office").await;
    household::import(&pool, site, &[row("1", "张三"), row("2", "李四")], now())
        .await
        .unwrap();
    let (one, two) = (behind(&pool, site, "1").await, behind(&pool, site, "2").await);
    let account = account::by_phone_or_create(&pool, site, "13800138000", now())
        .await
        .unwrap()
        .id;
    let make = async |home, at| claim::make(&pool, site, account, home, "张三丰", after(at)).await;
    let confirm = async |id, at| claim::confirm(&pool, site, id, office, None, after(at)).await;

    assert_eq!(
        make(HouseholdId::new(), 0).await.unwrap_err().conflict(),
        Some(Conflict::Unknown)
    );
    let first = make(one, 0).await.unwrap();
    assert_eq!(
        make(two, 0).await.unwrap_err().conflict(),
        Some(Conflict::ClaimPending)
    );
    let waiting = claim::list(&pool, site, ClaimState::Pending, None, 10)
        .await
        .unwrap();
    assert_eq!(waiting.rows.len(), 1);
    let shown = &waiting.rows[0];
    assert_eq!(
        (shown.householder.as_str(), shown.household.householder.as_str()),
        ("张三丰", "张三")
    );
    assert_eq!(
        (shown.phone.as_deref(), shown.bound),
        (Some("13800138000"), false)
    );

    let own = claim::confirm(&pool, site, first, account, None, now())
        .await
        .unwrap();
    assert_eq!(own, Some(ClaimDecided::Own));
    let refused = claim::refuse(&pool, site, first, office, Some("姓名不符"), after(1))
        .await
        .unwrap();
    assert_eq!(refused, Some(ClaimDecided::Done));
    let already = ClaimDecided::Already {
        state: ClaimState::Refused,
        by: Some(office),
        at: Some(after(1)),
    };
    assert_eq!(confirm(first, 2).await.unwrap(), Some(already));
    let shown = claim::latest(&pool, site, account).await.unwrap().unwrap();
    assert_eq!(
        (shown.state, shown.opinion.as_deref()),
        (ClaimState::Refused, Some("姓名不符"))
    );

    let second = make(one, 3).await.unwrap();
    assert_eq!(confirm(second, 4).await.unwrap(), Some(ClaimDecided::Done));
    assert_eq!(
        make(two, 5).await.unwrap_err().conflict(),
        Some(Conflict::AccountBound)
    );

    // Another telephone must wait until the household is released.
    let other = account::by_phone_or_create(&pool, site, "13800138001", now())
        .await
        .unwrap()
        .id;
    let third = claim::make(&pool, site, other, one, "张三", after(6))
        .await
        .unwrap();
    assert!(claim::get(&pool, site, third).await.unwrap().unwrap().bound);
    assert_eq!(
        confirm(third, 7).await.unwrap_err().conflict(),
        Some(Conflict::HouseholdBound)
    );
    let released = claim::release(&pool, site, second, office, None, after(8))
        .await
        .unwrap();
    assert_eq!(released, Some(ClaimDecided::Done));
    assert_eq!(confirm(third, 9).await.unwrap(), Some(ClaimDecided::Done));
    assert_eq!(claim::pending(&pool, site).await.unwrap(), 0);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn of_claims_confirmed_at_once_one_binds(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = wide(options).await;
    let site = site(&pool, "one").await;
    let office = officer(&pool, site, "office").await;
    household::import(&pool, site, &[row("1", "张三")], now())
        .await
        .unwrap();
    let home = behind(&pool, site, "1").await;
    let mut claims = Vec::new();
    for n in 0..20 {
        let phone = format!("138001381{n:02}");
        let account = account::by_phone_or_create(&pool, site, &phone, now())
            .await
            .unwrap()
            .id;
        claims.push(
            claim::make(&pool, site, account, home, "张三", now())
                .await
                .unwrap(),
        );
    }
    let outcomes = together(20, |n| {
        let (pool, claim) = (pool.clone(), claims[n]);
        async move { claim::confirm(&pool, site, claim, office, None, now()).await }
    })
    .await;
    let held = |error: &store::Error| error.conflict() == Some(Conflict::HouseholdBound);
    assert_eq!(
        outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Ok(Some(ClaimDecided::Done))))
            .count(),
        1
    );
    assert_eq!(
        outcomes
            .iter()
            .filter(|outcome| outcome.as_ref().is_err_and(held))
            .count(),
        19
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_waiting_claim_is_taken_back_by_its_maker(pool: Pool) {
    let site = site(&pool, "one").await;
    household::import(&pool, site, &[row("1", "张三")], now())
        .await
        .unwrap();
    let home = behind(&pool, site, "1").await;
    let account = account::by_phone_or_create(&pool, site, "13800138000", now())
        .await
        .unwrap()
        .id;
    assert!(
        !claim::withdraw(&pool, site, account, now()).await.unwrap(),
        "there is none"
    );
    claim::make(&pool, site, account, home, "张三", now())
        .await
        .unwrap();
    assert!(claim::withdraw(&pool, site, account, after(1)).await.unwrap());
    let latest = claim::latest(&pool, site, account).await.unwrap().unwrap();
    assert_eq!(latest.state, ClaimState::Released);
    claim::make(&pool, site, account, home, "张三", after(2))
        .await
        .unwrap();
}
