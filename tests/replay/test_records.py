"""Reading call records."""

from datetime import date
from pathlib import Path

import pytest
from replay.call_rows import HEADER, row

from onduty_replay.records import (
    Interval,
    Outcome,
    RecordsInvalidError,
    choose_days,
    parse_day,
    parse_records,
    read_records,
)


def test_a_served_row_is_read():
    """A row's cells become seconds of its day, its type a skill group, its key unique in the file."""
    (record,) = parse_records([HEADER, row(type="NW")])
    assert record.key == "240311-VX0101-1"
    assert (record.day, record.kind, record.outcome) == (date(2024, 3, 11), "nw", Outcome.SERVED)
    assert record.server == "FERN"
    assert record.service == Interval(32410, 32520)
    assert record.queued is None
    assert record.line == 2


def test_a_row_that_names_nobody_has_no_server():
    """NO_SERVER is the file's word for nobody."""
    assert parse_records([HEADER, row(server="NO_SERVER")])[0].server is None


def test_times_before_the_entry_by_half_a_day_are_past_midnight():
    """A call that was entered at 23:59 and ended at 0:01 ended on the next day."""
    cells = {"vru_entry": "23:58:00", "vru_exit": "23:58:08", "ser_start": "23:58:08", "ser_exit": "0:01:00"}
    (record,) = parse_records([HEADER, row(**cells)])
    assert record.service == Interval(86288, 86460)
    assert record.past_midnight


def test_a_service_wholly_past_midnight_belongs_to_the_next_day():
    """The date is that of the entry: a call entered at 23:59:50 and served from 0:00:05 was served on the day after."""
    cells = {"vru_entry": "23:59:50", "vru_exit": "23:59:50", "ser_start": "0:00:05", "ser_exit": "0:01:00"}
    assert parse_records([HEADER, row(**cells)])[0].service == Interval(86405, 86460)


def test_a_clock_that_was_set_back_a_minute_is_not_midnight():
    """The voice-response unit's clock may be ahead of the queue's by a minute; that moves nothing by a day."""
    cells = {"vru_entry": "9:40:50", "vru_exit": "9:40:00", "q_start": "9:40:00", "q_exit": "9:42:00", "q_time": "120"}
    (record,) = parse_records([HEADER, row(**cells, ser_start="9:42:00", ser_exit="9:43:00")])
    assert record.queued == Interval(34800, 34920)
    assert not record.past_midnight


def test_hours_may_count_beyond_twenty_four():
    """A file may write the small hours of the next day as 24:10:00."""
    (record,) = parse_records([HEADER, row(ser_start="23:59:00", ser_exit="24:10:00")])
    assert record.service == Interval(86340, 87000)


def test_a_served_row_without_service_times_has_no_service():
    """Zeros in all three service columns mean that there are no times; the caller was reached at the end of the queue."""
    none = {"ser_start": "0:00:00", "ser_exit": "0:00:00", "ser_time": "0"}
    queued = {"q_start": "9:00:10", "q_exit": "9:00:40", "q_time": "30"}
    (record,) = parse_records([HEADER, row(**none, **queued)])
    assert record.service is None
    assert record.reached_at == 32440


def test_the_service_of_a_hung_up_call_is_not_read():
    """Some hung-up rows carry service times; nobody served them."""
    (record,) = parse_records([HEADER, row(outcome="HANG", server="NO_SERVER")])
    assert record.service is None


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"ser_start": "9:61:00"}, "ser_start '9:61:00' is not a time"),
        ({"ser_exit": "48:00:00"}, "ser_exit '48:00:00' is not a time"),
        ({"vru_entry": "noon"}, "vru_entry 'noon' is not a time"),
        ({"ser_exit": "9:00:05"}, "ser_exit 9:00:05 is before ser_start 9:00:10"),
        ({"date": "241332"}, "date '241332' is not a date YYMMDD"),
        ({"outcome": "LOST"}, "outcome 'LOST' is none of AGENT, HANG, PHANTOM"),
        ({"ser_time": "long"}, "ser_time 'long' is not a number of seconds"),
        ({"server": ""}, "server '' is not 1 to 40 printable characters"),
        ({"type": "P S"}, "type 'P S' is not letters and digits"),
    ],
)
def test_a_bad_cell_is_told_with_its_line(cells, words):
    """Each fault names the line, the column and the text."""
    with pytest.raises(RecordsInvalidError) as caught:
        parse_records([HEADER, row(), row(call_id="2", **cells)])
    assert [fault.line for fault in caught.value.faults] == [3]
    assert words in str(caught.value)


def test_all_faults_are_told_at_once():
    """Nothing is played of a file with a fault, so every fault is told in one go."""
    with pytest.raises(RecordsInvalidError) as caught:
        parse_records([HEADER, row(date="x"), row(), row(call_id="2", outcome="?"), "a\tb"])
    assert [fault.line for fault in caught.value.faults] == [2, 4, 5]


def test_the_same_call_twice_is_a_fault():
    """Date, line and call id together are unique."""
    with pytest.raises(RecordsInvalidError, match="line 3: the same call as line 2"):
        parse_records([HEADER, row(), row()])


def test_unknown_and_missing_columns_are_told():
    """A file of another kind is not read as if it were this one."""
    with pytest.raises(RecordsInvalidError) as caught:
        parse_records([HEADER.replace("ser_exit", "finish")])
    assert "columns missing: ser_exit" in str(caught.value)
    assert "columns unknown: 'finish'" in str(caught.value)


def test_an_empty_file_has_no_columns():
    """It is told as missing columns, not as an error of the program."""
    with pytest.raises(RecordsInvalidError, match="columns missing"):
        parse_records([])


def test_columns_may_come_in_any_order_and_blank_lines_are_passed_over():
    """The header says where each column is."""
    turned = "\n".join("\t".join(reversed(line.split("\t"))) for line in (HEADER, row()))
    assert parse_records([*turned.split("\n"), "", "  "])[0].key == "240311-VX0101-1"


def test_a_file_that_is_not_text_is_told(tmp_path: Path):
    """Bytes that are not UTF-8 are a fault of the file."""
    path = tmp_path / "calls.tsv"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(RecordsInvalidError, match="not UTF-8"):
        read_records(path)


def test_days_are_of_the_last_century_from_seventy():
    """Year 99 is 1999, year 24 is 2024."""
    assert (parse_day("990201"), parse_day("240311")) == (date(1999, 2, 1), date(2024, 3, 11))


def test_named_days_are_chosen():
    """Only the rows of the days named are left."""
    records = parse_records([HEADER, row(), row(date="240312"), row(date="240313")])
    chosen = choose_days(records, days=[date(2024, 3, 12)], first_days=None)
    assert [record.day.day for record in chosen] == [12]


def test_the_first_days_are_chosen():
    """The first days are those that have rows, in order of date."""
    records = parse_records([HEADER, row(date="240320"), row(date="240311"), row(date="240313")])
    assert sorted(record.day.day for record in choose_days(records, days=[], first_days=2)) == [11, 13]


def test_a_day_without_rows_is_told():
    """Asking for a day that the file does not have is a mistake to be told, not an empty play."""
    with pytest.raises(ValueError, match="no calls on 240401; the file has 240311 to 240311"):
        choose_days(parse_records([HEADER, row()]), days=[date(2024, 4, 1)], first_days=None)
