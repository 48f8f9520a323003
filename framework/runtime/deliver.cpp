#include "runtime/deliver.hpp"

#include "runtime/flow_parts.hpp"
#include "runtime/intake.hpp"
#include "runtime/station.hpp"

namespace weir::runtime {

void deliver_to_receiver(void* target, Message message) {
  // Accepted always: unlimited nodes, nodes with a queue inside, and queues are all that is wired.
  static_cast<Receiver*>(target)->try_put(message);
}

void deliver_to_intake(void* target, Message message) {
  static_cast<Intake*>(target)->put(message);
}

void deliver_to_workers(void* target, Message message) {
  static_cast<Intake*>(target)->put_for_workers(message);
}

void deliver_to_station(void* target, Message message) {
  static_cast<Station*>(target)->arrive(message);
}

void deliver_in_this_task(void* target, Message message) {
  work(*static_cast<Node*>(target), message, Permit());
}

}  // namespace weir::runtime
