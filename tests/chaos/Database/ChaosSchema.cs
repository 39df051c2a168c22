namespace WebhookKit.Chaos.Database;

/// <summary>What the chaos program adds to the database: a witness of every change to a delivery, and failpoints inside statements.</summary>
internal static class ChaosSchema
{
    public const string Sql = """
        create table chaos_transitions (
            number bigint generated always as identity primary key,
            at timestamptz not null default clock_timestamp(),
            delivery_id uuid not null,
            writer text not null default current_setting('application_name'),
            old_status int, old_lease_id uuid, old_due_at timestamptz, old_attempts int, old_leases int,
            status int not null, lease_id uuid, due_at timestamptz not null, attempts int not null, leases int not null);

        create function chaos_record() returns trigger language plpgsql as $$
        begin
            if tg_op = 'INSERT' then
                insert into chaos_transitions (delivery_id, status, lease_id, due_at, attempts, leases)
                values (new.id, new.status, new.lease_id, new.due_at, new.attempts, new.leases);
            else
                insert into chaos_transitions (
                    delivery_id, old_status, old_lease_id, old_due_at, old_attempts, old_leases,
                    status, lease_id, due_at, attempts, leases)
                values (
                    new.id, old.status, old.lease_id, old.due_at, old.attempts, old.leases,
                    new.status, new.lease_id, new.due_at, new.attempts, new.leases);
            end if;
            return null;
        end $$;

        create trigger chaos_record_insert after insert on webhook_deliveries
            for each row execute function chaos_record();

        -- An update that changes nothing only locks the row.
        create trigger chaos_record_update after update on webhook_deliveries
            for each row when ((old.status, old.lease_id, old.due_at, old.attempts, old.leases)
                is distinct from (new.status, new.lease_id, new.due_at, new.attempts, new.leases))
            execute function chaos_record();

        create table chaos_failpoints (writer text not null, point text not null, seconds double precision not null);

        create function chaos_stand_still() returns trigger language plpgsql as $$
        declare
            pause double precision;
        begin
            select seconds into pause from chaos_failpoints
                where writer = current_setting('application_name') and point = tg_argv[0];
            if found and exists (select from inserted) then
                perform pg_sleep(pause);
            end if;
            return null;
        end $$;

        create trigger chaos_mid_completion after insert on webhook_attempts
            referencing new table as inserted for each statement execute function chaos_stand_still('mid-completion');
        create trigger chaos_mid_fan_out after insert on webhook_deliveries
            referencing new table as inserted for each statement execute function chaos_stand_still('mid-fan-out');
        """;
}
