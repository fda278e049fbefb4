-- An application whose last day goes by undecided ends by itself: an act of nobody.
alter table decision drop constraint decision_act_check;
alter table decision add constraint decision_act_check
    check (act in ('submit', 'agree', 'refuse', 'withdraw', 'terminate', 'lapse'));
-- What the job that ends them looks for.
create index application_lapsing on application (site_id, last_day) where state = 'in_review';

-- What turns out not to count, a password that was right, is taken back.
alter table rate_window drop constraint rate_window_taken_check;
alter table rate_window add constraint rate_window_taken_check check (taken >= 0);
