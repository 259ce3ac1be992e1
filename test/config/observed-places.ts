/**
 * Where HAProxy lets each fetch be asked, as `haproxy -dKsmp` lists it: by the checkpoints, the names of the fetches that are askable exactly there.
 * C `tcp-request connection`, S session, T content, Q `http-request`, P `tcp-response content`, R `http-response`, L logs.
 */
export const observedPlaces: Readonly<Record<string, string>> = {
  CSTQPRL: `
    always_false always_true avg_queue be_conn be_conn_free be_sess_rate bin bool connslots cpu_calls cpu_ns_avg cpu_ns_tot date date_us dst
    dst_conn dst_is_local dst_port env fc_dst fc_dst_is_local fc_dst_port fc_err fc_err_str fc_fackets fc_http_major fc_lost fc_pp_authority
    fc_pp_unique_id fc_rcvd_proxy fc_reordering fc_retrans fc_rtt fc_rttvar fc_sacked fc_src fc_src_is_local fc_src_port fc_unacked
    fe_client_timeout fe_conn fe_defbe fe_id fe_name fe_req_rate fe_sess_rate hostname int ipv4 ipv6 last_rule_file last_rule_line
    lat_ns_avg lat_ns_tot meth nbproc nbsrv prio_class prio_offset proc queue rand so_id so_name src src_is_local src_port srv_conn
    srv_conn_free srv_is_up srv_iweight srv_queue srv_sess_rate srv_uweight srv_weight stopping str thread unique-id uuid var wait_end`,
  TQ: `
    base base32 base32+src baseq cook cook_cnt cook_val hdr_cnt hdr_ip hdr_val http_auth http_auth_bearer http_auth_group http_auth_pass
    http_auth_type http_auth_user path pathq query rdp_cookie rdp_cookie_cnt req.body req.body_len req.body_param req.body_size req.cook
    req.cook_cnt req.cook_val req.fhdr req.fhdr_cnt req.hdr req.hdr_cnt req.hdr_ip req.hdr_names req.hdr_val req.hdrs req.hdrs_bin req.len
    req.payload req.payload_lv req.rdp_cookie req.rdp_cookie_cnt req.ssl_alpn req.ssl_hello_type req.ssl_sni req.ver req_len
    req_ssl_hello_type req_ssl_sni req_ver url url32 url32+src url_ip url_param url_port urlp urlp_val`,
  PR: `
    res.body res.body_len res.body_size res.cook res.cook_cnt res.cook_val res.fhdr res.fhdr_cnt res.hdr res.hdr_cnt res.hdr_ip
    res.hdr_names res.hdr_val res.hdrs res.hdrs_bin res.len res.payload res.payload_lv res.ver resp_ver scook scook_cnt scook_val shdr
    shdr_cnt shdr_ip shdr_val`,
  PRL: `
    bc_dst bc_dst_port bc_err bc_err_str bc_http_major bc_src bc_src_port be_id be_name be_server_timeout be_tunnel_timeout capture.res.hdr
    cur_server_timeout cur_tunnel_timeout srv_id srv_name status`,
  TQPRL: `
    capture.req.hdr capture.req.method capture.req.uri capture.req.ver capture.res.ver http_first_req method req.proto_http req_proto_http`,
  TQPR: `
    cookie distcc_body distcc_param hdr payload payload_lv`,
}
