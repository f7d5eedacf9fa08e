// The kernel's side of the comparison: its own net/socket.c, and what sets up a socket for its own system call and then
// reads what became of the number. Compiled as the kernel is, with its headers. Each HAVE_ macro says that the
// expression of that name in features.c compiles in this tree; nothing here goes by a version.
#include "net/socket.c"
#include <net/inet_connection_sock.h>
#include <net/request_sock.h>
#include <net/tcp.h>

extern const struct proto_ops inet_stream_ops;

struct file truth_file;
static struct socket_alloc both;
static struct tcp_sock tcp;
static struct net net;
static struct proto proto;
static struct inode inode;

#define socket_ (&both.socket)
#define sk_ ((struct sock *)&tcp)
#define queue (&inet_csk(sk_)->icsk_accept_queue)

// A fresh TCP socket behind the file, and the knobs set.
void truth_fresh(long somaxconn, long max_syn_backlog, long fastopen) {
	memset(&both, 0, sizeof both);
	memset(&tcp, 0, sizeof tcp);
	memset(&truth_file, 0, sizeof truth_file);
#ifdef HAVE_net_core_somaxconn
	net.core.sysctl_somaxconn = somaxconn;
#elif defined HAVE_net_somaxconn
	net.sysctl_somaxconn = somaxconn;
#else
	sysctl_somaxconn = somaxconn;
#endif
#ifdef HAVE_net_max_syn_backlog
	net.ipv4.sysctl_max_syn_backlog = max_syn_backlog;
#else
	sysctl_max_syn_backlog = max_syn_backlog;
#endif
#ifdef HAVE_net_fastopen
	net.ipv4.sysctl_tcp_fastopen = fastopen;
#elif defined HAVE_fastopen
	sysctl_tcp_fastopen = fastopen;
#endif
	truth_file.f_op = &socket_file_ops;
	truth_file.private_data = socket_;
	socket_->file = &truth_file;
	socket_->ops = &inet_stream_ops;
	socket_->type = SOCK_STREAM;
	socket_->state = SS_UNCONNECTED;
	socket_->sk = sk_;
	sk_->sk_family = AF_INET;
	sk_->sk_type = SOCK_STREAM;
	sk_->sk_protocol = IPPROTO_TCP;
	sk_->sk_state = TCP_CLOSE;
	sk_->sk_prot = &proto;
	sk_->sk_socket = socket_;
#ifdef HAVE_sock_net_set
	sock_net_set(sk_, &net);
#elif defined HAVE_sk_net
	sk_->sk_net = &net;
#endif
#ifdef HAVE_f_inode
	truth_file.f_inode = &inode;
#endif
}

// Another state than a fresh socket's; -1 leaves it. State -2: the file is no socket's.
void truth_states(int state, int tcp_state, int type) {
	if (state == -2) truth_file.f_op = NULL;
	if (state >= 0) socket_->state = state;
	if (tcp_state >= 0) sk_->sk_state = tcp_state;
	if (type >= 0) socket_->type = type;
}

long truth_listen(long backlog) {
#ifdef HAVE_entry_with_registers
	struct pt_regs registers = {.di = 3, .si = backlog};
	return __x64_sys_listen(&registers);
#else
	return sys_listen(3, backlog);
#endif
}

unsigned long truth_limit(void) { return sk_->sk_max_ack_backlog; }

unsigned truth_accept_counter_bits(void) { return sizeof sk_->sk_ack_backlog * 8; }

int truth_accept_queue_is_full(unsigned long length) {
	sk_->sk_ack_backlog = length;
	return sk_acceptq_is_full(sk_) != 0;
}

int truth_syn_queue_is_full(unsigned long length) {
#ifdef HAVE_qlen_in_table
	queue->listen_opt->qlen = length;
#elif defined HAVE_qlen_counted_twice
	// What came in less what went out.
	atomic_set(&queue->listen_opt->qlen_inc, (int)length);
	atomic_set(&queue->listen_opt->qlen_dec, 0);
#else
	atomic_set(&queue->qlen, (int)length);
#endif
	return inet_csk_reqsk_queue_is_full(sk_) != 0;
}

// 0 where the kernel knows no such limit.
long truth_fastopen_limit(void) {
#ifdef HAVE_fastopen_queue
	return queue->fastopenq.max_qlen;
#elif defined HAVE_fastopen_queue_pointer
	return queue->fastopenq ? (long)queue->fastopenq->max_qlen : 0;
#else
	return 0;
#endif
}
