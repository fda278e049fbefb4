-- What the office looks at beside an application: the others of the same household.
create index application_household on application (site_id, household_id, created_at desc, application_id desc);
