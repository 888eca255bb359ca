package dev.onduty.client;

import java.util.List;

/**
 * What came of reported facts.
 *
 * @param results a result for each fact, in order
 * @param position the store's position after the last fact
 */
public record ReportResult(List<FactResult> results, String position) {}
