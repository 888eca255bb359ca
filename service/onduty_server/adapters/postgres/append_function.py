"""The function in the database that appends a batch in one round trip, as text; runs nothing.

A function is never changed: one that must differ gets the next number, in a migration, so that servers of the version before
go on calling theirs.
"""

from typing import Final

APPEND: Final = """
CREATE FUNCTION append_1(
    my_term int8, channel text,
    key_tenants text[], key_kinds int2[], key_names text[],
    entry_keys int4[], expected int8[], prior int4[], persons int8[], changed int8[], recorded int8[], ceilings int8[],
    causes int2[], moved bool[], closed_statuses int2[], closed_reasons text[], closed_since int8[], groups text[],
    groups_after text[],
    counts int8[], talks text[], standings int4[], call_ids text[], sources text[],
    states bytea[], privates bytea[], changes bytea[], configurations bytea[], checksums int8[],
    call_entries int4[], other_call_ids text[], other_sources text[],
    life_entries int4[], life_persons int8[], lives int2[],
    answer_tenants text[], request_ids text[], fingerprints bytea[], answer_revisions int8[], answer_entries int4[],
    details bytea[], answered int8[],
    erase_entries int4[], erase_persons int8[], pseudonyms int8[], erase_lasts int8[], erase_names text[],
    erase_states bytea[], erase_privates bytea[], erase_changes bytea[], erase_configurations bytea[], erase_checksums int8[],
    OUT outcome text, OUT before int8, OUT indexes int4[],
    OUT kept_fingerprints bytea[], OUT kept_revisions int8[], OUT kept_details bytea[]
) LANGUAGE plpgsql AS $function$
DECLARE
    last_ceiling int8;
    ids int8[];
    lasts int8[];
    tenant_ids int8[];
    is_first bool;
BEGIN
    -- The lock that orders all appends; it is let go after the commit is seen by all. Nothing of the row changes, so that a
    -- long snapshot elsewhere, as of a dump, makes it no slower.
    PERFORM 1 FROM head WHERE id = 1 AND term = my_term FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        outcome := 'deposed';
        RETURN;
    END IF;
    SELECT j.revision, j.time_ceiling INTO before, last_ceiling FROM journal j ORDER BY j.revision DESC LIMIT 1;
    before := coalesce(before, 0);
    last_ceiling := coalesce(last_ceiling, -9223372036854775808);

    tenant_ids := ARRAY(
        SELECT (SELECT t.id FROM tenants t WHERE t.name = b.tenant) FROM unnest(key_tenants) WITH ORDINALITY b (tenant, n)
        ORDER BY b.n
    );
    ids := ARRAY(
        SELECT (SELECT k.id FROM keys k WHERE k.tenant_id = b.tenant_id AND k.kind = b.kind AND k.name = b.name)
        FROM unnest(tenant_ids, key_kinds, key_names) WITH ORDINALITY b (tenant_id, kind, name, n) ORDER BY b.n
    );
    lasts := ARRAY(
        SELECT coalesce((
            SELECT j.revision FROM journal j
            WHERE j.key_id = b.id AND j.revision > (SELECT k.released FROM keys k WHERE k.id = b.id)
            ORDER BY j.revision DESC LIMIT 1
        ), 0)
        FROM unnest(ids) WITH ORDINALITY b (id, n) ORDER BY b.n
    );
    indexes := ARRAY(
        SELECT e.n - 1 FROM unnest(entry_keys, expected) WITH ORDINALITY e (place, expected, n)
        WHERE lasts[e.place] <> e.expected ORDER BY e.n
    );
    IF cardinality(indexes) > 0 THEN
        outcome := 'stale';
        RETURN;
    END IF;

    SELECT array_agg(b.n - 1 ORDER BY b.n), array_agg(a.fingerprint ORDER BY b.n), array_agg(a.revision ORDER BY b.n),
        array_agg(a.detail ORDER BY b.n)
    INTO indexes, kept_fingerprints, kept_revisions, kept_details
    FROM (
        SELECT (SELECT t.id FROM tenants t WHERE t.name = r.tenant) AS tenant_id, r.request_id, r.n
        FROM unnest(answer_tenants, request_ids) WITH ORDINALITY r (tenant, request_id, n)
    ) b CROSS JOIN LATERAL (
        SELECT k.* FROM answers k WHERE k.tenant_id = b.tenant_id AND k.request_id = b.request_id OFFSET 0
    ) a;
    IF indexes IS NOT NULL THEN
        outcome := 'duplicate';
        RETURN;
    END IF;

    INSERT INTO tenants (name)
    SELECT DISTINCT b.name FROM unnest(key_tenants || answer_tenants) b (name)
    WHERE (SELECT t.id FROM tenants t WHERE t.name = b.name) IS NULL;
    IF array_position(ids, NULL) IS NOT NULL THEN
        tenant_ids := ARRAY(
            SELECT (SELECT t.id FROM tenants t WHERE t.name = b.tenant)
            FROM unnest(key_tenants) WITH ORDINALITY b (tenant, n) ORDER BY b.n
        );
        INSERT INTO keys (tenant_id, kind, name)
        SELECT b.tenant_id, b.kind, b.name FROM unnest(tenant_ids, key_kinds, key_names, ids) b (tenant_id, kind, name, id)
        WHERE b.id IS NULL;
        ids := ARRAY(
            SELECT (SELECT k.id FROM keys k WHERE k.tenant_id = b.tenant_id AND k.kind = b.kind AND k.name = b.name)
            FROM unnest(tenant_ids, key_kinds, key_names) WITH ORDINALITY b (tenant_id, kind, name, n) ORDER BY b.n
        );
    END IF;

    INSERT INTO journal (
        revision, tenant_id, key_id, previous, person, changed_at, recorded_at, time_ceiling, cause, moved,
        closed_status, closed_reason, closed_since, groups, groups_after, counts, talks, standing, call_id, source,
        state, private, change, configuration, checksum
    )
    SELECT before + e.n, tenant_ids[e.place], ids[e.place], coalesce(before + e.prior, lasts[e.place]),
        e.person, e.changed, e.recorded, greatest(last_ceiling, e.ceiling), e.cause, e.moved,
        e.status, e.reason, e.since, string_to_array(e.groups, E'\\x1f'), string_to_array(e.groups_after, E'\\x1f'),
        e.counts, e.talks::jsonb, e.standing, e.call_id, e.source, e.state, e.private, e.change, e.configuration,
        sealed_1(e.checksum, before + e.n, coalesce(before + e.prior, lasts[e.place]))
    FROM unnest(
        entry_keys, prior, persons, changed, recorded, ceilings, causes, moved, closed_statuses, closed_reasons, closed_since,
        groups, groups_after, counts, talks, standings, call_ids, sources, states, privates, changes, configurations, checksums
    ) WITH ORDINALITY e (
        place, prior, person, changed, recorded, ceiling, cause, moved, status, reason, since,
        groups, groups_after, counts, talks, standing, call_id, source, state, private, change, configuration, checksum, n
    );

    IF cardinality(call_entries) > 0 THEN
        INSERT INTO other_calls (tenant_id, call_id, revision, source)
        SELECT tenant_ids[entry_keys[b.entry]], b.call_id, before + b.entry, b.source
        FROM unnest(call_entries, other_call_ids, other_sources) b (entry, call_id, source) ON CONFLICT DO NOTHING;
    END IF;
    FOREACH is_first IN ARRAY CASE WHEN cardinality(life_entries) > 0 THEN '{t,f}'::bool[] ELSE '{}' END LOOP
        IF is_first THEN
            INSERT INTO persons (person, tenant_id, key_id, first, began_at)
            SELECT b.person, tenant_ids[entry_keys[b.entry]], ids[entry_keys[b.entry]], before + b.entry, changed[b.entry]
            FROM unnest(life_entries, life_persons, lives) b (entry, person, life) WHERE b.life = 1
            ORDER BY b.entry ON CONFLICT DO NOTHING;
        ELSE
            UPDATE persons p SET last = before + b.entry, ended_at = changed[b.entry]
            FROM (
                SELECT person, max(entry) AS entry FROM unnest(life_entries, life_persons, lives) u (entry, person, life)
                WHERE life = 2 GROUP BY person
            ) b WHERE p.person = b.person;
        END IF;
    END LOOP;
    IF cardinality(answer_tenants) > 0 THEN
        INSERT INTO answers (tenant_id, request_id, fingerprint, revision, detail, answered_at)
        SELECT (SELECT t.id FROM tenants t WHERE t.name = b.tenant), b.request_id, b.fingerprint,
            coalesce(before + b.entry + 1, b.revision), b.detail, b.answered
        FROM unnest(answer_tenants, request_ids, fingerprints, answer_revisions, answer_entries, details, answered)
            b (tenant, request_id, fingerprint, revision, entry, detail, answered);
    END IF;
    FOR i IN 1 .. coalesce(cardinality(erase_entries), 0) LOOP
        PERFORM begin_erasure_1(
            erase_entries[i], before + erase_entries[i], erase_persons[i], pseudonyms[i], erase_lasts[i], erase_names[i],
            erase_states[i], erase_privates[i], erase_changes[i], erase_configurations[i], erase_checksums[i]
        );
    END LOOP;
    outcome := 'appended';
    PERFORM pg_notify(channel, (before + coalesce(cardinality(entry_keys), 0))::text);
END
$function$
"""

SEALED: Final = """
CREATE FUNCTION sealed_1(content int8, revision int8, previous int8) RETURNS int8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN content # (revision % 2147483648 * 2654435761 % 4294967296) # (previous % 2147483648 * 2246822519 % 4294967296)
"""
"""The checksum of a record from that of its content. Its own inverse, so that a record that moves keeps its damage."""

FIRST_SINCE: Final = """
CREATE FUNCTION first_since_1(instant int8) RETURNS int8 LANGUAGE plpgsql STABLE AS $function$
DECLARE
    low int8 := coalesce((SELECT min(revision) FROM journal), 1);
    high int8 := coalesce((SELECT max(revision) FROM journal), 0) + 1;
    middle int8;
BEGIN
    WHILE low < high LOOP
        middle := (low + high) / 2;
        IF (SELECT j.time_ceiling FROM journal j WHERE j.revision >= middle ORDER BY j.revision LIMIT 1) >= instant THEN
            high := middle;
        ELSE
            low := middle + 1;
        END IF;
    END LOOP;
    RETURN low;
END
$function$
"""
"""A revision before which no record changed anything at the instant or later, found by halving."""

BEGIN_ERASURE: Final = """
CREATE FUNCTION begin_erasure_1(
    entry int4, at_revision int8, who int8, new_person int8, last_revision int8, new_name text,
    new_state bytea, new_private bytea, new_change bytea, new_configuration bytea, new_checksum int8
) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    them record;
    next_bearer int8;
    new_key int8;
BEGIN
    SELECT p.tenant_id, p.key_id, p.first, k.name INTO them FROM persons p JOIN keys k ON k.id = p.key_id
    WHERE p.person = who AND p.last = last_revision AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.person = p.person);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody to erase' USING ERRCODE = 'OD001', DETAIL = entry - 1;
    END IF;
    SELECT min(first) INTO next_bearer FROM persons WHERE key_id = them.key_id AND first > last_revision;
    UPDATE journal SET checksum = sealed_1(checksum, 0, previous), previous = 0 WHERE revision = next_bearer;
    UPDATE keys SET released = last_revision WHERE id = them.key_id;
    INSERT INTO keys (tenant_id, kind, name) VALUES (them.tenant_id, 1, new_name) RETURNING id INTO new_key;
    UPDATE journal SET key_id = new_key, person = new_person, call_id = NULL, source = NULL,
        previous = CASE WHEN revision = them.first THEN 0 ELSE previous END,
        state = new_state, private = new_private, change = new_change, configuration = new_configuration,
        checksum = sealed_1(new_checksum, revision, CASE WHEN revision = them.first THEN 0 ELSE previous END)
    WHERE revision = last_revision;
    DELETE FROM other_calls WHERE revision = last_revision;
    UPDATE tenants SET horizon = greatest(horizon, last_revision) WHERE id = them.tenant_id;
    INSERT INTO erasures (pseudonym, tenant_id, person, staff_id, old_key, new_key, first, last, until)
    VALUES (new_person, them.tenant_id, who, them.name, them.key_id, new_key, them.first, last_revision,
        coalesce(next_bearer, at_revision) - 1);
END
$function$
"""
"""Note an order to erase, and free the staff id."""
