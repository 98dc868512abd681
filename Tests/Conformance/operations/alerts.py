# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Series that end in an alert, and those that do not, for `promtool test rules`."""

JOB = 'job="hibiki", instance="a"'

# alert: (series and their values a minute apart, the minute in which it fires, its labels beside the instance)
FIRING = {
    "HibikiDown": ({f"up{{{JOB}}}": "1 0x9"}, 3, {"severity": "critical", "job": "hibiki"}),
    "HibikiManyConnections": (
        {f'hibiki_connections{{{JOB}, transport="http"}}': "6000x19",
         f'hibiki_connections{{{JOB}, transport="sse"}}': "6000x19"}, 10, {"severity": "warning"}),
    "HibikiReadersFallBehind": (
        {f'hibiki_dropped_messages_total{{{JOB}, reason="drop"}}': "0+600x29"}, 20, {"severity": "warning"}),
    "HibikiSlowDelivery": (
        {f'websocket_message_latency_seconds_bucket{{{JOB}, le="0.1"}}': "0+10x29",
         f'websocket_message_latency_seconds_bucket{{{JOB}, le="0.5"}}': "0+60x29",
         f'websocket_message_latency_seconds_bucket{{{JOB}, le="+Inf"}}': "0+60x29"}, 25, {"severity": "warning"}),
    "HibikiSlowBroker": (
        {f'hibiki_broker_operation_seconds_bucket{{{JOB}, operation="publish", le="0.1"}}': "0+10x29",
         f'hibiki_broker_operation_seconds_bucket{{{JOB}, operation="publish", le="0.5"}}': "0+60x29",
         f'hibiki_broker_operation_seconds_bucket{{{JOB}, operation="publish", le="+Inf"}}': "0+60x29"},
        25, {"severity": "warning"}),
}

# Far from every threshold
QUIET = {
    f"up{{{JOB}}}": "1x29",
    f'hibiki_connections{{{JOB}, transport="http"}}': "9000x29",
    f"process_open_fds{{{JOB}}}": "9000x29",
    f"process_max_fds{{{JOB}}}": "20000x29",
    f"process_start_time_seconds{{{JOB}}}": "1700000000x29",
    f'hibiki_recoveries_total{{{JOB}, outcome="recovered"}}': "0+100x29",
    f'hibiki_recoveries_total{{{JOB}, outcome="gap"}}': "0+1x29",
    f'hibiki_refusals_total{{{JOB}, limit="max-connections"}}': "5x29",
    f'hibiki_store_operation_seconds_bucket{{{JOB}, store="log", operation="append", le="0.001"}}': "0+60x29",
    f'hibiki_store_operation_seconds_bucket{{{JOB}, store="log", operation="append", le="+Inf"}}': "0+60x29",
    # A sweep may take its time: nobody waits for it.
    f'hibiki_store_operation_seconds_bucket{{{JOB}, store="log", operation="sweep", le="0.1"}}': "0x29",
    f'hibiki_store_operation_seconds_bucket{{{JOB}, store="log", operation="sweep", le="0.5"}}': "0+4x29",
    f'hibiki_store_operation_seconds_bucket{{{JOB}, store="log", operation="sweep", le="+Inf"}}': "0+4x29",
    f'hibiki_http_answers_total{{{JOB}, route="/v1/events", status="500"}}': "3x29",
}
ALERTS = [
    "HibikiDown", "HibikiManyConnections", "HibikiFewFileDescriptors", "HibikiRefusesConnections", "HibikiSlowDelivery",
    "HibikiSlowBroker", "HibikiReadersFallBehind", "HibikiRecoveriesFail", "HibikiServerErrors", "HibikiRestarts",
]


def series(values):
    return [{"series": name, "values": value} for name, value in values.items()]


def cases(rules):
    """The test file that promtool reads: who fires, and that nobody does in quiet."""
    tests = [
        {"interval": "1m", "input_series": series(values), "promql_expr_test": [
            {"expr": f'count by (alertname, severity) (ALERTS{{alertname="{alert}", alertstate="firing"}})',
             "eval_time": f"{minute}m",
             "exp_samples": [
                 {"labels": f'{{alertname="{alert}", severity="{labels["severity"]}"}}', "value": 1}]}]}
        for alert, (values, minute, labels) in FIRING.items()
    ]
    tests.append({"interval": "1m", "input_series": series(QUIET), "alert_rule_test": [
        {"eval_time": "29m", "alertname": alert, "exp_alerts": []} for alert in ALERTS]})
    return {"rule_files": [str(rules)], "evaluation_interval": "1m", "tests": tests}
