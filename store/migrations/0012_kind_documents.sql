-- What an applicant gave for the fields of the pass kind itself (`pass::field::Values`), by the fields' names. The version of the kind that
-- the application began with says what they mean.
alter table application add column given jsonb not null default '{}';

-- Kinds are documents now: who decides stands in steps, and zones are numbers in a list.
update pass_kind
set definition = definition - 'approval' || jsonb_build_object(
    'steps',
    case definition ->> 'approval'
        when 'office' then
            '[{"key": "office", "title": {"zh": "社区办审核", "en": "Community office"}, "seats": [{"role": "office"}]}]'::jsonb
        else '[]'::jsonb
    end,
    'zones',
    case
        when (definition ->> 'zones')::bigint = 4294967295 then '"all"'::jsonb
        else (
            select coalesce(jsonb_agg(zone order by zone), '[]'::jsonb)
            from generate_series(0, 31) zone
            where (definition ->> 'zones')::bigint >> zone & 1 = 1
        )
    end
)
where definition ? 'approval';
