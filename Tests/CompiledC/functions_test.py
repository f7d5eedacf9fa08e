#!/usr/bin/env python3
"""What functions.py goes by, on C and answers that are invented: where a field lies, and what counts as a difference."""

import types
import unittest

from functions import NotComparable, Records, compare

HEADER = """
struct lock { int taken; };
struct queue { int length; struct lock guard; };
struct base { int state; };
struct widget { struct base common; struct queue waiting; struct lock own; };
struct gadget { struct widget inner; int most; };
struct limits { unsigned most; };
struct world { int number; struct limits caps; };
struct handle { struct widget *held; };
"""


class RecordsTest(unittest.TestCase):
    def setUp(self):
        self.records = Records(HEADER)
        self.roots = [("w", "widget")]

    def test_a_field_of_what_the_parameter_points_to(self):
        self.assertEqual(self.records.place("widget", "size", self.roots), "((struct widget *)w)->size")

    def test_a_record_that_begins_with_it_or_that_it_begins_with(self):
        self.assertEqual(self.records.place("gadget", "most", self.roots), "((struct gadget *)w)->most")
        self.assertEqual(self.records.place("base", "state", self.roots), "((struct base *)w)->state")

    def test_a_record_within(self):
        self.assertEqual(self.records.place("queue", "length", self.roots), "((struct widget *)w)->waiting.length")

    def test_what_only_a_null_pointer_leads_to(self):
        self.assertEqual(self.records.place("limits", "most", self.roots), "((struct world *)truth_null)->caps.most")
        self.assertEqual(
            self.records.place("widget", "size", [("h", "handle")]), "((struct widget *)truth_null)->size")

    def test_no_guess_where_nothing_or_too_much_leads_there(self):
        for kind in ("nothing", "world", "lock"):
            with self.assertRaises(NotComparable):
                self.records.place(kind, "number", [])


class CompareTest(unittest.TestCase):
    def compare(self, results, real, said):
        function = types.SimpleNamespace(
            walk={"constants": [{"name": "EINVAL", "number": 22}]}, results=results, inputs=["size"])
        rows = [[place] for place in range(len(real))]
        return compare(function, rows, real, [{results[0]["id"]: text} for text in said])

    def test_tells_a_wrong_number_a_lost_store_and_a_fault(self):
        room = [{"id": "room", "places": ["struct widget.room"]}]
        real = [["0", "7"], ["0", "untouched"], ["0", "9"], None, ["0", "5"]]
        counts, differences = self.compare(room, real, ["7", "not reached", "8", "3", "not reached"])
        self.assertEqual(counts, {"room": 5})
        self.assertEqual([(truth, claimed) for _, _, truth, claimed in differences],
                         [("9", "8"), ("a fault", "3"), ("5", "not reached")])

    def test_leaves_out_what_has_no_value_in_c(self):
        room = [{"id": "room", "places": ["struct widget.room"]}]
        counts, differences = self.compare(room, [["0", "7"]] * 3, ["outside", "undefined", "C gives no value: it overflows"])
        self.assertEqual((counts, differences), ({}, []))

    def test_a_refusal_is_that_error_and_both_answers_must_be_seen(self):
        refused = [{"id": "refused", "error": "EINVAL"}]
        counts, differences = self.compare(refused, [["-22"], ["0"], ["-1"]], ["1", "0", "1"])
        self.assertEqual([(truth, claimed) for _, _, truth, claimed in differences], [("0", "1")])
        with self.assertRaises(NotComparable):
            self.compare(refused, [["0"], ["-1"]], ["0", "0"])


if __name__ == "__main__":
    unittest.main()
