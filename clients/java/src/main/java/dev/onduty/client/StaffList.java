package dev.onduty.client;

import dev.onduty.v1.Staff;
import java.util.List;

/**
 * A list of staff at one revision.
 *
 * @param staff the staff, by id
 * @param position the position that the list shows
 */
public record StaffList(List<Staff> staff, String position) {}
