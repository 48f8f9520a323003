"""A pool as one writes it in Python: a process for each writer, a queue of a manager, and a pool of
three readers. For bench/compare.sh; the items themselves are no work."""

import multiprocessing

ITEMS = 1000
READERS = 3


def write(item, queue):
    queue.put(item)


def read(queue):
    return queue.get()


def main():
    with multiprocessing.Manager() as manager:
        queue = manager.Queue()
        with multiprocessing.Pool(READERS) as readers:
            results = [readers.apply_async(read, (queue,)) for _ in range(ITEMS)]
            writers = [multiprocessing.Process(target=write, args=(item, queue))
                       for item in range(ITEMS)]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
            items = [result.get() for result in results]
    if sorted(items) != list(range(ITEMS)):
        raise SystemExit("items were lost")
    print(len(items))


if __name__ == "__main__":
    main()
