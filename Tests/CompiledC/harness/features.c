// What this tree has: a line whose expression does not compile is a feature that is not there.
#include "net/socket.c"
#include <net/inet_connection_sock.h>
#include <net/request_sock.h>
#include <net/tcp.h>
#define FEATURE(name, expression) static int feature_##name(void) { return sizeof(expression); }
#define ANY(type) ((struct type *)0)
FEATURE(net_core_somaxconn, ANY(net)->core.sysctl_somaxconn)
FEATURE(net_somaxconn, ANY(net)->sysctl_somaxconn)
FEATURE(net_max_syn_backlog, ANY(net)->ipv4.sysctl_max_syn_backlog)
FEATURE(net_fastopen, ANY(net)->ipv4.sysctl_tcp_fastopen)
FEATURE(fastopen, sysctl_tcp_fastopen)
FEATURE(sock_net_set, &sock_net_set)
FEATURE(sk_net, ANY(sock)->sk_net)
FEATURE(f_inode, ANY(file)->f_inode)
FEATURE(entry_with_registers, &__x64_sys_listen)
FEATURE(qlen_in_table, ANY(inet_connection_sock)->icsk_accept_queue.listen_opt->qlen)
FEATURE(qlen_counted_twice, ANY(inet_connection_sock)->icsk_accept_queue.listen_opt->qlen_inc)
FEATURE(fastopen_queue, ANY(inet_connection_sock)->icsk_accept_queue.fastopenq.max_qlen)
FEATURE(fastopen_queue_pointer, ANY(inet_connection_sock)->icsk_accept_queue.fastopenq->max_qlen)
