-- Slots of the day, and moving from one to another.

alter table application
    -- The slot (`08:00-09:00`) of the day it is for, where its kind has slots.
    add column slot text check (slot ~ '^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$'),
    -- How often it was moved: the same move sent again does nothing.
    add column moves smallint not null default 0,
    add constraint application_slot_is_of_a_day check (slot is null or first_day = last_day);

-- What is taken of a day's slots: counted under the day's lock, from the applications themselves.
create index application_slots on application (site_id, kind_key, first_day) include (slot)
    where slot is not null and state in ('in_review', 'completed');

-- The history says from where to where.
alter table decision
    add column moved jsonb,
    drop constraint decision_act_check,
    add constraint decision_act_check check (act in (
        'submit', 'resubmit', 'pass_on', 'agree', 'refuse', 'send_back', 'withdraw', 'terminate', 'move', 'lapse'
    )),
    add constraint decision_moved check ((act = 'move') = (moved is not null));

-- An application that is moved gets another credential, with a number of its own: the old one, which may be on a picture somewhere, is
-- revoked. One that is good for each application at any time.
alter table credential drop constraint credential_application_key;
create unique index credential_application_key on credential (site_id, application_id) where revoked_at is null;
