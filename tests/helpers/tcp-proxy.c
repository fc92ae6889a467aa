/* tcp-proxy SEED BANK-PORT [FAULTS-IN-100]: a bad line to 127.0.0.1:BANK-PORT. Prints the port it listens on. Each connection draws from the
 * seed whether it fares well or is dropped, delayed, cut in the request or in the answer, taken apart into single bytes, left half open, or
 * has its request brought twice. A line "calm" or "storm" on standard input switches the faults; its end ends the program, which then tells how
 * many of each there were. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_LINES 200
#define CHUNK 16384
#define MAX_COPY 65536
#define MAX_SINGLE 3000 /* bytes that go one by one in each direction */

typedef enum
{
  GOOD,
  DROPPED,
  DELAYED,
  CUT_REQUEST,
  CUT_ANSWER,
  SINGLE_BYTES,
  HALF_OPEN,
  TWICE,
  N_FAULTS
} Fault;

static const char *const names[] = { "good",       "dropped",      "delayed",   "cut request",
                                     "cut answer", "single bytes", "half open", "twice" };

enum
{
  CLIENT,
  BANK
};

typedef struct
{
  int fd[2];
  int twin; /* TWICE: the second line to the bank, whose answer nobody hears; −1 */
  Fault fault;
  size_t limit; /* bytes until the cut */
  int64_t wait; /* milliseconds of a delay or of silence */
  int64_t until[2];
  char data[2][CHUNK]; /* came from that side, goes to the other */
  size_t length[2], gone[2], total[2];
  bool ended[2];
  char copy[MAX_COPY];
  size_t copied;
} Line;

static Line *lines[MAX_LINES];
static int n_lines;
static uint64_t state;
static unsigned drawn[N_FAULTS];
static unsigned faults_in_100 = 40;
static bool calm;
static int bank_port;

static uint64_t
draw (uint64_t below)
{
  uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (z ^ (z >> 31)) % below;
}

static int64_t
now_ms (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return (int64_t) t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
make_socket (int port, bool listens)
{
  struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int one = 1;

  at.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (listens ? bind (fd, (struct sockaddr *) &at, sizeof at) == 0 && listen (fd, 64) == 0
              : connect (fd, (struct sockaddr *) &at, sizeof at) == 0)
    return fd;
  close (fd);
  return -1;
}

/* A reset, not a goodbye. */
static void
slam (int *fd)
{
  struct linger now = { 1, 0 };
  if (*fd < 0)
    return;
  setsockopt (*fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close (*fd);
  *fd = -1;
}

static void
hang_up (Line *line, bool rudely)
{
  for (int i = 0; i < 2; i++)
    if (rudely)
      slam (&line->fd[i]);
    else if (line->fd[i] >= 0)
      {
        close (line->fd[i]);
        line->fd[i] = -1;
      }
  if (line->twin >= 0)
    close (line->twin);
  line->twin = -1;
}

static void
open_line (int listener)
{
  int client = accept (listener, NULL, NULL);
  Fault fault = !calm && draw (100) < faults_in_100 ? (Fault) (1 + draw (N_FAULTS - 1)) : GOOD;
  int bank = fault == DROPPED || n_lines == MAX_LINES ? -1 : make_socket (bank_port, false);

  drawn[fault]++;
  if (client < 0 || bank < 0)
    {
      slam (&client);
      slam (&bank);
      return;
    }
  int one = 1;
  setsockopt (client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  Line *line = calloc (1, sizeof *line);
  if (line == NULL)
    abort ();
  line->fd[CLIENT] = client;
  line->fd[BANK] = bank;
  line->fault = fault;
  line->twin = fault == TWICE ? make_socket (bank_port, false) : -1;
  line->limit = fault == CUT_REQUEST ? draw (900) : draw (1200);
  line->wait = 1 + (int64_t) draw (fault == HALF_OPEN ? 1500 : 250);
  lines[n_lines++] = line;
}

/* What came from @side stands in its buffer; sends as much of it on as the line's fault lets. FALSE: the line ends now. */
static bool
send_on (Line *line, int side)
{
  int other = line->fd[1 - side];
  size_t n = line->length[side] - line->gone[side];
  bool cut = line->fault == (side == CLIENT ? CUT_REQUEST : CUT_ANSWER);

  if (line->fault == SINGLE_BYTES && line->total[side] < MAX_SINGLE && n > 1)
    n = 1;
  if (cut && line->total[side] + n > line->limit)
    n = line->limit - line->total[side];
  ssize_t sent = n > 0 ? send (other, line->data[side] + line->gone[side], n, MSG_NOSIGNAL) : 0;
  if (sent < 0)
    return false;
  line->gone[side] += (size_t) sent;
  line->total[side] += (size_t) sent;
  if (line->gone[side] == line->length[side])
    line->gone[side] = line->length[side] = 0;
  return !cut || line->total[side] < line->limit;
}

/* The same request once more, when the line is at its end: as a network may bring it late. */
static void
bring_again (Line *line)
{
  char unheard[CHUNK];
  if (line->twin < 0)
    return;
  if (send (line->twin, line->copy, line->copied, MSG_NOSIGNAL) > 0)
    {
      struct timeval patience = { 1, 0 };
      setsockopt (line->twin, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      if (recv (line->twin, unheard, sizeof unheard, 0) < 0)
        fprintf (stderr, "the bank does not answer the second time\n");
    }
}

static void
keep_copy (Line *line, size_t n)
{
  if (line->twin < 0 || line->copied + n > sizeof line->copy)
    return;
  memcpy (line->copy + line->copied, line->data[CLIENT], n);
  line->copied += n;
}

/* FALSE: the line ends now. */
static bool
receive (Line *line, int side)
{
  ssize_t n = recv (line->fd[side], line->data[side], CHUNK, 0);

  if (n <= 0)
    {
      line->ended[side] = true;
      if (side == CLIENT && n == 0)
        bring_again (line);
      return false;
    }
  line->length[side] = (size_t) n;
  line->gone[side] = 0;
  if (side == CLIENT)
    keep_copy (line, (size_t) n);
  if (line->fault == DELAYED)
    line->until[side] = now_ms () + line->wait;
  if (line->fault == HALF_OPEN && side == BANK)
    line->until[side] = now_ms () + line->wait;
  return true;
}

/* FALSE: over. */
static bool
serve (Line *line, const struct pollfd *polls, int64_t now)
{
  for (int side = 0; side < 2; side++)
    {
      if (line->length[side] == 0 && (polls[side].revents & (POLLIN | POLLHUP | POLLERR)) != 0
          && !receive (line, side))
        return false;
      if (line->length[side] > 0 && now >= line->until[side])
        {
          /* Nothing of the answer ever came, and then the line was gone. */
          if (line->fault == HALF_OPEN && side == BANK)
            return false;
          if (!send_on (line, side))
            return false;
        }
    }
  return true;
}

static int
fill_polls (struct pollfd *polls, int listener, int64_t now)
{
  int n = 0, timeout = 1000;

  polls[n++] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
  polls[n++] = (struct pollfd){ .fd = listener, .events = POLLIN };
  for (int i = 0; i < n_lines; i++)
    for (int side = 0; side < 2; side++)
      {
        bool full = lines[i]->length[side] > 0;
        polls[n++] = (struct pollfd){ .fd = full ? -1 : lines[i]->fd[side], .events = POLLIN };
        if (full)
          {
            int64_t left = lines[i]->until[side] - now;
            timeout = left < timeout ? (left > 0 ? (int) left : 0) : timeout;
          }
      }
  return timeout;
}

static bool
obey (void)
{
  char word[64] = { 0 };
  ssize_t n = read (STDIN_FILENO, word, sizeof word - 1);
  if (n <= 0)
    return false;
  calm = strncmp (word, "calm", 4) == 0;
  return true;
}

static void
run (int listener)
{
  static struct pollfd polls[2 + 2 * MAX_LINES];
  bool going = true;

  while (going)
    {
      int known = n_lines;
      int timeout = fill_polls (polls, listener, now_ms ());
      if (poll (polls, 2 + 2 * (nfds_t) known, timeout) < 0 && errno != EINTR)
        break;
      int64_t now = now_ms ();
      for (int i = known - 1; i >= 0; i--)
        if (!serve (lines[i], &polls[2 + 2 * i], now))
          {
            hang_up (lines[i], lines[i]->fault != GOOD);
            free (lines[i]);
            lines[i] = lines[--n_lines];
          }
      if ((polls[1].revents & POLLIN) != 0)
        open_line (listener);
      if (polls[0].revents != 0)
        going = obey ();
    }
}

int
main (int argc, char **argv)
{
  struct sockaddr_in at;
  socklen_t length = sizeof at;
  int listener = make_socket (0, true);

  if (argc < 3 || listener < 0)
    {
      fprintf (stderr, "tcp-proxy SEED BANK-PORT [FAULTS-IN-100]\n");
      return 2;
    }
  state = strtoull (argv[1], NULL, 10);
  bank_port = atoi (argv[2]);
  if (argc > 3)
    faults_in_100 = (unsigned) atoi (argv[3]);
  getsockname (listener, (struct sockaddr *) &at, &length);
  printf ("%u\n", ntohs (at.sin_port));
  fflush (stdout);
  run (listener);
  for (int i = 0; i < N_FAULTS; i++)
    printf ("%s%u %s", i > 0 ? ", " : "", drawn[i], names[i]);
  printf ("\n");
  return 0;
}
