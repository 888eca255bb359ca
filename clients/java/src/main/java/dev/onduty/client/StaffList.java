package dev.onduty.client;

import dev.onduty.v1.Staff;
import java.util.List;

/**
 * A list of staff, and a position after which a watch misses nothing.
 *
 * @param staff the staff, by id
 * @param position the first page's position
 */
public record StaffList(List<Staff> staff, String position) {}
