#include "numbers.hpp"

WEIR_PLUGIN("numbers", Count, Scale, Route, Factors, Legacy, Invert, Report)
