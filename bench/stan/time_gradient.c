// Median nanoseconds of a compiled Stan program's log density and gradient,
// Jacobian included, at fresh random points: time_gradient MODEL.so DATA.json
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct bs_model bs_model;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: time_gradient MODEL.so DATA.json\n");
    return 2;
  }
  void *library = dlopen(argv[1], RTLD_NOW);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  bs_model *(*construct)(const char *, unsigned, char **) = dlsym(library, "bs_model_construct");
  int (*dimension)(bs_model *) = dlsym(library, "bs_param_unc_num");
  int (*gradient)(bs_model *, bool, bool, const double *, double *, double *, char **) =
      dlsym(library, "bs_log_density_gradient");
  char *error = NULL;
  bs_model *model = construct(argv[2], 1, &error);
  if (!model) {
    fprintf(stderr, "%s\n", error);
    return 1;
  }
  enum { calls = 128, most = 4000 };
  int d = dimension(model), batches = 0;
  double *x = malloc(d * sizeof *x), *g = malloc(d * sizeof *g), lp, each[most];
  double start = now();
  while (batches < most && now() - start < 2e9) {
    double from = now();
    for (int i = 0; i < calls; i++) {
      for (int k = 0; k < d; k++) x[k] = rand() / (double)RAND_MAX - 0.5;
      gradient(model, true, true, x, &lp, g, &error);
    }
    each[batches++] = (now() - from) / calls;
  }
  qsort(each, batches, sizeof *each, ascending);
  printf("%.1f\n", each[batches / 2]);
}
