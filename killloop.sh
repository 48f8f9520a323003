cd /tmp/s5r/build/tests/e2e
for i in $(seq 1 8); do WEIR_KILLS=60 ./e2e_test --gtest_filter='Kill.*' > /tmp/s5r/kill.$i.log 2>&1 || echo FAIL $i; done
echo over
