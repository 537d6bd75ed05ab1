// A minimal C interface over stan::model::model_base, so that a compiled Stan
// program can be called from C and Python. Built by compile.sh.
#include <stan/model/model_base.hpp>
#include <stan/io/json/json_data.hpp>
#include <stan/io/empty_var_context.hpp>
#include <stan/services/util/create_rng.hpp>
#include <stan/math/rev.hpp>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>
stan::model::model_base& new_model(stan::io::var_context&, unsigned int, std::ostream*);
#define API extern "C" __attribute__((visibility("default")))
struct bs_model { stan::model::model_base* m; std::string unc, con, contp, conall; int nunc, n, ntp, nall; };
struct bs_rng { stan::rng_t r; };
#ifdef STAN_THREADS
#define AD_INIT static thread_local stan::math::ChainableStack ad_inst_;
#else
#define AD_INIT
#endif
static std::string csv(const std::vector<std::string>& v){std::string s;for(size_t i=0;i<v.size();i++){if(i)s+=",";s+=v[i];}return s;}
template<class F> static int guard(char** err,F f){
  try{f();return 0;}catch(const std::exception&e){if(err)*err=strdup(e.what());}catch(...){if(err)*err=strdup("unknown");}
  return -1;}
API const int bs_major_version=2; API const int bs_minor_version=9; API const int bs_patch_version=0;
API void bs_free_error_msg(char*p){free(p);}
API bs_model* bs_model_construct(const char*d,unsigned seed,char**err){
  bs_model* b=nullptr;
  guard(err,[&]{
    stan::math::init_threadpool_tbb(1);
    std::string s=d?d:""; std::stringstream out;
    stan::model::model_base*m;
    if(s.empty()){stan::io::empty_var_context c; m=&new_model(c,seed,&out);}
    else if(s[0]=='{'){std::istringstream in(s); stan::json::json_data c(in); m=&new_model(c,seed,&out);}
    else{std::ifstream in(s); if(!in) throw std::runtime_error("cannot open "+s); stan::json::json_data c(in); m=&new_model(c,seed,&out);}
    b=new bs_model{m}; std::vector<std::string> v;
    m->unconstrained_param_names(v,false,false); b->nunc=v.size(); b->unc=csv(v);
    v.clear(); m->constrained_param_names(v,false,false); b->n=v.size(); b->con=csv(v);
    v.clear(); m->constrained_param_names(v,true,false); b->ntp=v.size(); b->contp=csv(v);
    v.clear(); m->constrained_param_names(v,true,true); b->nall=v.size(); b->conall=csv(v);
  });
  return b;}
API void bs_model_destruct(bs_model*b){ if(b){delete b->m; delete b;} }
API int bs_param_unc_num(const bs_model*b){return b->nunc;}
API int bs_param_num(const bs_model*b,bool tp,bool gq){return tp&&gq?b->nall:tp?b->ntp:b->n;}
API const char* bs_param_unc_names(const bs_model*b){return b->unc.c_str();}
API const char* bs_param_names(const bs_model*b,bool tp,bool gq){return (tp&&gq?b->conall:tp?b->contp:b->con).c_str();}
API bs_rng* bs_rng_construct(unsigned s,char**err){bs_rng*r=nullptr;guard(err,[&]{r=new bs_rng{stan::services::util::create_rng(s,1)};});return r;}
API void bs_rng_destruct(bs_rng*r){delete r;}
API int bs_param_constrain(const bs_model*b,bool tp,bool gq,const double*u,double*o,bs_rng*r,char**err){
  return guard(err,[&]{ std::stringstream out; stan::rng_t dummy(0);
    Eigen::VectorXd x=Eigen::Map<const Eigen::VectorXd>(u,b->nunc),y; b->m->write_array(r?r->r:dummy,x,y,tp,gq,&out);
    Eigen::Map<Eigen::VectorXd>(o,y.size())=y; });}
API int bs_param_unconstrain(const bs_model*b,const double*t,double*u,char**err){
  return guard(err,[&]{ std::stringstream out; Eigen::VectorXd x=Eigen::Map<const Eigen::VectorXd>(t,b->n),y; b->m->unconstrain_array(x,y,&out);
    Eigen::Map<Eigen::VectorXd>(u,y.size())=y; });}
API int bs_log_density(const bs_model*b,bool propto,bool jac,const double*u,double*lp,char**err){ AD_INIT
  return guard(err,[&]{ std::stringstream out;
    if(propto){ stan::math::nested_rev_autodiff n; Eigen::Matrix<stan::math::var,-1,1> v=Eigen::Map<const Eigen::VectorXd>(u,b->nunc);
      *lp=(jac?b->m->log_prob_propto_jacobian(v,&out):b->m->log_prob_propto(v,&out)).val(); }
    else { Eigen::VectorXd v=Eigen::Map<const Eigen::VectorXd>(u,b->nunc); *lp=jac?b->m->log_prob_jacobian(v,&out):b->m->log_prob(v,&out);} });}
API int bs_log_density_gradient(const bs_model*b,bool propto,bool jac,const double*u,double*lp,double*g,char**err){ AD_INIT
  return guard(err,[&]{ std::stringstream out; stan::math::nested_rev_autodiff n;
    Eigen::Matrix<stan::math::var,-1,1> v=Eigen::Map<const Eigen::VectorXd>(u,b->nunc);
    stan::math::var r=propto?(jac?b->m->log_prob_propto_jacobian(v,&out):b->m->log_prob_propto(v,&out))
                            :(jac?b->m->log_prob_jacobian(v,&out):b->m->log_prob(v,&out));
    r.grad(); *lp=r.val(); for(int i=0;i<b->nunc;i++) g[i]=v[i].adj(); });}
