// A shared library that is not a plugin.
extern "C" __attribute__((visibility("default"))) int weir_test_nothing() { return 0; }
