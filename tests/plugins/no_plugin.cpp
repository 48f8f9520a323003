// A shared library of another purpose.

extern "C" [[gnu::visibility("default")]] int weir_test_answer() { return 42; }
