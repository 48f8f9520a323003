#pragma once

/// How an edge brings a message to what runs its reader: the values of Edge::deliver. Each takes
/// over the message's reference.

#include "runtime/node.hpp"

namespace weir::runtime {

/// To a oneTBB node. `target` is a Receiver that never rejects.
void deliver_to_receiver(void* target, Message message);
/// To an Intake: it may be worked on before this returns.
void deliver_to_intake(void* target, Message message);
/// To an Intake, for a worker.
void deliver_to_workers(void* target, Message message);
/// To a Station.
void deliver_to_station(void* target, Message message);
/// To a Node that is worked on by the task that brings the message.
void deliver_in_this_task(void* target, Message message);

}  // namespace weir::runtime
