/**
 * The hand-written client of Onduty, the staff-status service of a contact centre.
 *
 * <p>Begin with {@link dev.onduty.client.Connection}. Requests and states are the generated
 * messages of {@code dev.onduty.v1}.
 */
package dev.onduty.client;
