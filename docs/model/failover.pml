/*
 * The failover of one partition: epochs, promises, fences, the commit rule and the cutting of logs, for three replicas and
 * two coordinators at once. What is modelled, what is left out, and how to read a counterexample: README.md beside this
 * file. check.sh runs it, with every switch.
 *
 * One d_step is one action of one party; between any two of them any other party may act, or stop for ever. Messages that
 * may be lost, repeated and delayed are not channels but facts in the air: once said, a receiver may act on it never, now,
 * later or twice. So no channel is ever full, and a receiver that does not move is a lost message.
 */

#ifndef EPOCHS
#define EPOCHS 3
#endif
#ifndef RECORDS
#define RECORDS 4           /* how many records a log can hold, at most 5 */
#endif
#ifdef MAJORITY_OF_ONE
#define MAJORITY 1
#else
#define MAJORITY 2
#endif

/* ---- Logs. A record is the epoch of the leader that wrote it, three bits; epoch and position together name it. ---- */

#define AT(l, i)        (((l) >> (3 * (i))) & 7)
#define UPTO(l, n)      ((l) & ((1 << (3 * (n))) - 1))
#define LAST(l, n)      ((n) > 0 -> AT(l, (n) - 1) : 0)
#define WITH(l, n, e)   ((l) | ((e) << (3 * (n))))
#define IS_TO(l, n, i, e) (((i) < (n)) && (AT(l, i) <= (e)))
/* Where the epochs up to e end: epochs never fall along a log, so it is enough to count. */
#define END_OF(l, n, e) (IS_TO(l, n, 0, e) + IS_TO(l, n, 1, e) + IS_TO(l, n, 2, e) + IS_TO(l, n, 3, e) + IS_TO(l, n, 4, e))

/* ---- A replica. Behind a crash only promised, and of the log what was durable (or reached the disk by luck), is left. ---- */

#define FENCED    0         /* takes and acks nothing: it has promised, adopted an epoch, or started */
#define STREAMING 1         /* StreamFrom of the promised epoch was granted: MatchedLsn is written */
#define LEADING   2         /* leads the promised epoch */

short log[3];
byte appended[3];           /* the end of the log in the page cache */
byte written[3];            /* WrittenLsn: what an fsync has covered */
byte promised[3];
byte role[3];
byte committed[3];          /* a leader's CommitLsn in its own epoch, 0 before its EpochStart is committed */
#ifdef LEARNER
bool learner[3];            /* it came back with an empty disk, and does not know what it promised and acked */
bool wiped;                 /* that has happened: once is a minority of three */
#define IS_LEARNER(r) learner[r]
#else
#define IS_LEARNER(r) false
#endif
#ifdef LATE_ACK
byte late[3];               /* the epoch that an fsync in flight at the fence was begun for */
#endif

/* ---- In the air. Prepare(e, c) is there from the beginning, for all epochs and both coordinators. ---- */

#define OF(e, r) (3 * (e) + (r))
byte promise[3 * (EPOCHS + 1)];     /* of each epoch and replica: proposer << 6 | last epoch << 3 | WrittenLsn; 0: none */
byte lead[2 * (EPOCHS + 1)];        /* of each epoch and proposer: 0 none, 1 + target, OBEYED: the target has led */
byte ack[9];                        /* for each leader, of its present epoch: MatchedLsn as each replica last said it */
short shipped[EPOCHS + 1];          /* of each epoch whose leader is gone: the log out of which its batches were sent */
byte ships[EPOCHS + 1];             /* and its end */
#define OBEYED 4
#define PROPOSER(p) ((p) >> 6)
#define LOG_END(p)  ((p) & 63)      /* compares by last epoch, then by WrittenLsn */
#define LEAD(e, c)  lead[2 * (e) + (c) - 1]
#define ACK(l, r)   ack[3 * (l) + (r)]

/* ---- What nobody in the system can see: the truth that the assertions compare with. ---- */

short truth;                /* every record that was ever committed */
byte truths;                /* and how many these are */
byte truthEpoch;            /* the highest epoch in which something was committed */
bool led[EPOCHS + 1];       /* somebody leads or has led it */

short swap;
byte i, end, keep, own, place;  /* work variables; 0 between two steps */

#define LEADS(l, e)     (role[l] == LEADING && promised[l] == (e))
#define HAS_LEADER(e)   (LEADS(0, e) || LEADS(1, e) || LEADS(2, e))
#define LEADER_OF(e)    (LEADS(0, e) -> 0 : (LEADS(1, e) -> 1 : 2))
#define STREAMS(r, e)   (role[r] == STREAMING && promised[r] == (e))
/* What batches of an epoch can bring: all that its leader has, or had, durably. */
#define SOURCE(e)       (HAS_LEADER(e) -> log[LEADER_OF(e)] : shipped[e])
#define SOURCE_END(e)   (HAS_LEADER(e) -> written[LEADER_OF(e)] : ships[e])
#define MAX(a, b)       ((a) > (b) -> (a) : (b))
#define MIN(a, b)       ((a) < (b) -> (a) : (b))

/* What nobody can act on any more is forgotten: it would only make equal states look different. */
inline Forget() {
    i = 1;
    do
    :: i <= EPOCHS ->
        if
        :: ships[i] > 0 && !STREAMS(0, i) && !STREAMS(1, i) && !STREAMS(2, i) -> shipped[i] = 0; ships[i] = 0
        :: else
        fi;
#ifndef VOLATILE_PROMISE
        if
        :: i < promised[0] && i < promised[1] && i < promised[2] ->
            promise[OF(i, 0)] = 0; promise[OF(i, 1)] = 0; promise[OF(i, 2)] = 0;
            LEAD(i, 1) = 0; LEAD(i, 2) = 0; led[i] = false
        :: else
        fi;
#endif
        i++
    :: else -> break
    od;
    i = 0
}

/* The three replicas are alike, so of states that differ only in who is who one is enough: the one that is sorted. It makes a
   search several times smaller and its trails unreadable, so it is only for searches that should find nothing. */
#ifdef SORTED
#define KEY(r) ((log[r] << 11) + (written[r] << 8) + (appended[r] << 5) + (promised[r] << 2) + role[r])
#define SWAP(x, y) swap = x; x = y; y = swap
#define SORT Order(0, 1); Order(1, 2); Order(0, 1)
inline Order(a, b) {
    if
    :: KEY(a) > KEY(b) ->
        SWAP(log[a], log[b]);
        SWAP(appended[a], appended[b]);
        SWAP(written[a], written[b]);
        SWAP(promised[a], promised[b]);
        SWAP(role[a], role[b]);
        SWAP(committed[a], committed[b]);
#ifdef LEARNER
        SWAP(learner[a], learner[b]);
#endif
        SWAP(ACK(a, 0), ACK(b, 0)); SWAP(ACK(a, 1), ACK(b, 1)); SWAP(ACK(a, 2), ACK(b, 2));
        SWAP(ACK(0, a), ACK(0, b)); SWAP(ACK(1, a), ACK(1, b)); SWAP(ACK(2, a), ACK(2, b));
        i = 1;
        do
        :: i <= EPOCHS ->
            SWAP(promise[OF(i, a)], promise[OF(i, b)]);
            LEAD(i, 1) = (LEAD(i, 1) == 1 + a -> 1 + b : (LEAD(i, 1) == 1 + b -> 1 + a : LEAD(i, 1)));
            LEAD(i, 2) = (LEAD(i, 2) == 1 + a -> 1 + b : (LEAD(i, 2) == 1 + b -> 1 + a : LEAD(i, 2)));
            i++
        :: else -> break
        od;
        i = 0; swap = 0
    :: else
    fi
}
#else
#define SORT skip
#endif

/* From here on nothing of a lower epoch is appended or acked by r. An fsync may be in flight, and may still succeed. */
inline Fence(r) {
#ifdef LATE_ACK
    late[r] = (role[r] == STREAMING && appended[r] > written[r] -> promised[r] : late[r]);
#endif
    if
    :: role[r] == LEADING -> shipped[promised[r]] = UPTO(log[r], written[r]); ships[promised[r]] = written[r]
    :: else
    fi;
    role[r] = FENCED;
    committed[r] = 0;
    ACK(r, 0) = 0; ACK(r, 1) = 0; ACK(r, 2) = 0
}

inline Say(r, e, c) {
    promise[OF(e, r)] = (LEAD(e, c) == 0 -> (c << 6) | (LAST(log[r], written[r]) << 3) | written[r] : 0)
}

/* Which of the two proposers of an epoch is called 1 is only a name: it is the one that is answered first. */
#define HEARD(e, c) ((c) == 1 || PROPOSER(promise[OF(e, 0)]) == 1 || PROPOSER(promise[OF(e, 1)]) == 1 || PROPOSER(promise[OF(e, 2)]) == 1)

#ifdef LEARNER_VOTES
#define VOTES(r) true
#else
#define VOTES(r) (!IS_LEARNER(r))
#endif

#ifdef SAME_EPOCH_TWICE
#define MAY_PROMISE(r, e, c) (promised[r] < (e) || (promised[r] == (e) && role[r] == FENCED && PROPOSER(promise[OF(e, r)]) == 3 - (c)))
#else
#define MAY_PROMISE(r, e, c) (promised[r] < (e))
#endif

#define TELL_PROMISE(r, e, c) printf("replica %d promises epoch %d to coordinator %d: last epoch %d, WrittenLsn %d, log %o\n", r, e, c, LAST(log[r], written[r]), written[r], log[r])

/* Durable, then fenced, then answered. A crash in between is an answer that nobody heard. */
#define PREPARE(r, e, c) d_step { VOTES(r) && MAY_PROMISE(r, e, c) && HEARD(e, c) -> Fence(r); promised[r] = e; Say(r, e, c); TELL_PROMISE(r, e, c); Forget(); SORT }

/* A sign of whoever leads, or has led, a higher epoch. */
#define ADOPT(r, e) d_step { promised[r] < (e) && led[e] -> printf("replica %d hears of epoch %d\n", r, e); Fence(r); promised[r] = e; Forget(); SORT }

/* The same epoch again, to the same proposer only: by now the fsync in flight may have made the log longer. */
#define MAY_REPEAT(r, e) (e > 0 && VOTES(r) && role[r] == FENCED && PROPOSER(promise[OF(e, r)]) > 0 \
    && LOG_END(promise[OF(e, r)]) != ((LAST(log[r], written[r]) << 3) | written[r]))

inline Append(r) {
    log[r] = WITH(log[r], appended[r], promised[r]);
    appended[r]++;
    printf("replica %d, leader of epoch %d, appends: log %o\n", r, promised[r], log[r])
}

/* What was not fsynced is lost, all or a part from the end, or it reached the disk nevertheless. */
inline Crash(r, left) {
    printf("replica %d crashes; of %d records, %d of them durable, %d are left\n", r, appended[r], written[r], left);
    Fence(r);
    log[r] = UPTO(log[r], left);
    appended[r] = left;
    written[r] = left;
#ifdef LATE_ACK
    late[r] = 0;
#endif
#ifdef VOLATILE_PROMISE
    promised[r] = LAST(log[r], left);
#endif
    Forget()
}

#ifdef LEARNER
inline LoseDisk(r) {
    printf("replica %d loses its disk and comes back empty\n", r);
    Fence(r);
    log[r] = 0; appended[r] = 0; written[r] = 0; promised[r] = 0;
    learner[r] = true; wiped = true;
    Forget()
}
#endif

/* Question, answer and obedience of a follower r that asks the leader l. Nothing of r that another could see changes between
   its question and the end of a cut, and only the answer to its newest question counts: so one step is as good as three. */
inline Pull(r, l) {
    keep = LAST(log[r], written[r]);
    end = END_OF(log[l], written[l], keep);
    if
    :: written[r] == 0 || (LAST(log[l], end) == keep && written[r] <= end) ->
        role[r] = STREAMING;
        printf("replica %d may stream from replica %d in epoch %d: log %o\n", r, l, promised[r], log[r])
    :: else ->
        keep = LAST(log[l], end);
        own = END_OF(log[r], written[r], keep);
        place = (LAST(log[r], own) == keep -> MIN(end, own) : own);
        assert(place < written[r]);
        /* What is committed is cut from no log. */
        assert(place >= truths || UPTO(log[r], place + 1) != UPTO(truth, place + 1));
#ifdef SHOW_CUT
        assert(false);
#endif
        log[r] = UPTO(log[r], place);
        appended[r] = place;
        written[r] = place;
        printf("replica %d is told by replica %d to cut to %d: log %o\n", r, l, place, log[r])
    fi;
    keep = 0; end = 0; own = 0; place = 0
}

/* What a majority has, the leader among them. */
#ifdef MAJORITY_OF_ONE
#define SAFE(r) written[r]
#else
#define SAFE(r) MIN(written[r], MAX(ACK(r, (r + 1) % 3), ACK(r, (r + 2) % 3)))
#endif

/* Records of earlier epochs are committed by one of this epoch behind them, never alone (Raft 5.4.2). */
#ifdef COMMIT_OLD_EPOCH
#define COVERS_EPOCH_START(r) true
#else
#define COVERS_EPOCH_START(r) (AT(log[r], SAFE(r) - 1) == promised[r])
#endif

/* The moment at which clients hear that their marks are safe. */
inline Commit(r) {
    end = SAFE(r);
    printf("replica %d, leader of epoch %d, commits %d of log %o\n", r, promised[r], end, log[r]);
    place = MIN(end, truths);
    /* Committed prefixes agree: nothing that was acknowledged is missing in the log of a leader that commits. */
    assert(UPTO(log[r], place) == UPTO(truth, place));
#ifdef SHOW_COMMIT
    assert(end < 2);
#endif
#ifdef SHOW_FAILOVER
    assert(truths == 0 || LAST(truth, truths) == promised[r]);
#endif
#ifdef SHOW_FAILOVER_TWICE
    assert(!(truths > 2 && AT(truth, 0) < LAST(truth, truths) && LAST(truth, truths) < promised[r]));
#endif
    truth = (end > truths -> UPTO(log[r], end) : truth);
    truths = MAX(end, truths);
    truthEpoch = MAX(promised[r], truthEpoch);
    committed[r] = end;
    end = 0; place = 0
}

inline Lead(r, c) {
    printf("replica %d leads epoch %d\n", r, promised[r]);
    /* One leader per epoch. */
    assert(!led[promised[r]]);
    /* It has all that was committed before its epoch. */
    assert(truthEpoch >= promised[r] || (written[r] >= truths && UPTO(log[r], truths) == UPTO(truth, truths)));
    led[promised[r]] = true;
    LEAD(promised[r], c) = OBEYED;
    role[r] = LEADING;
    Append(r)                                   /* EpochStart */
}

#ifdef OLD_TAIL_COUNTED
#define MAY_ACK(r) (role[r] != LEADING)
#elif defined(LEARNER) && !defined(LEARNER_ACKS) && !defined(LEARNER_VOTES)
#define MAY_ACK(r) (role[r] == STREAMING && !IS_LEARNER(r))
#else
#define MAY_ACK(r) (role[r] == STREAMING)
#endif
#ifdef ACK_BEFORE_DURABLE
#define MATCHED(r) appended[r]
#else
#define MATCHED(r) written[r]
#endif

proctype Replica(byte r) {
endless:                        /* that nobody can do anything more is no error here */
    do
    /* Guard: a coordinator asks for a promise. */
    :: PREPARE(r, 1, 1)
    :: PREPARE(r, 1, 2)
    :: PREPARE(r, 2, 1)
    :: PREPARE(r, 2, 2)
#if EPOCHS > 2
    :: PREPARE(r, 3, 1)
    :: PREPARE(r, 3, 2)
#endif
#if EPOCHS > 3
    :: PREPARE(r, 4, 1)
    :: PREPARE(r, 4, 2)
#endif
#if EPOCHS > 4
    :: PREPARE(r, 5, 1)
    :: PREPARE(r, 5, 2)
#endif
    :: d_step { MAY_REPEAT(r, promised[r]) ->
            Say(r, promised[r], PROPOSER(promise[OF(promised[r], r)]));
            TELL_PROMISE(r, promised[r], PROPOSER(promise[OF(promised[r], r)]))
       }

    /* Leader. It obeys a Lead of the epoch it has promised, once: who has led an epoch and restarted needs a new one. */
    :: d_step { role[r] == FENCED && appended[r] < RECORDS && LEAD(promised[r], 1) == 1 + r -> Lead(r, 1); SORT }
    :: d_step { role[r] == FENCED && appended[r] < RECORDS && LEAD(promised[r], 2) == 1 + r -> Lead(r, 2); SORT }
    :: d_step { role[r] == LEADING && committed[r] > 0 && appended[r] < RECORDS -> Append(r); SORT }      /* a client's mark */
    :: d_step { role[r] == LEADING && SAFE(r) > committed[r] && COVERS_EPOCH_START(r) -> Commit(r) }

    /* Follower: a sign of a leader with a higher epoch, the question where to go on, a batch, an ack. */
    :: ADOPT(r, 1)
    :: ADOPT(r, 2)
#if EPOCHS > 2
    :: ADOPT(r, 3)
#endif
#if EPOCHS > 3
    :: ADOPT(r, 4)
#endif
#if EPOCHS > 4
    :: ADOPT(r, 5)
#endif
    :: d_step { role[r] == FENCED && appended[r] == written[r] && HAS_LEADER(promised[r]) -> Pull(r, LEADER_OF(promised[r])); SORT }
    :: d_step { role[r] == STREAMING && appended[r] < SOURCE_END(promised[r]) ->
            assert(UPTO(log[r], appended[r]) == UPTO(SOURCE(promised[r]), appended[r]));
            log[r] = WITH(log[r], appended[r], AT(SOURCE(promised[r]), appended[r]));
            appended[r]++;
            printf("replica %d gets a batch of epoch %d: log %o\n", r, promised[r], log[r]);
            SORT
       }
    :: d_step { MAY_ACK(r) && HAS_LEADER(promised[r]) && ACK(LEADER_OF(promised[r]), r) < MATCHED(r) ->
            ACK(LEADER_OF(promised[r]), r) = MATCHED(r);
            printf("replica %d acks %d in epoch %d\n", r, MATCHED(r), promised[r])
       }

    /* Disk: an fsync succeeds, for one record more; the machine loses power and starts again. */
    :: d_step { written[r] < appended[r] ->
            written[r]++;
            printf("replica %d has %d records durable\n", r, written[r]);
#ifdef LATE_ACK
            if
            :: late[r] > 0 && HAS_LEADER(late[r]) ->
                ACK(LEADER_OF(late[r]), r) = MAX(written[r], ACK(LEADER_OF(late[r]), r));
                printf("replica %d acks %d in epoch %d, late\n", r, written[r], late[r])
            :: else
            fi;
            late[r] = (written[r] == appended[r] -> 0 : late[r]);
#endif
            SORT
       }
    :: d_step { role[r] != FENCED || written[r] < appended[r] -> Crash(r, written[r]); SORT }
    :: d_step { written[r] < appended[r] -> Crash(r, appended[r]); SORT }
    :: d_step { written[r] + 1 < appended[r] -> Crash(r, written[r] + 1); SORT }
#ifdef LEARNER
    :: d_step { !wiped -> LoseDisk(r); SORT }
#endif
    od
}

/* ---- A coordinator, c = 1 or 2. It knows what is in the air, as far as it likes to, and dies whenever it does not act. ---- */

#define PROMISED(e, c, r) (PROPOSER(promise[OF(e, r)]) == (c))
#ifdef ANY_WINNER
#define NOT_BEFORE(e, c, r, t) PROMISED(e, c, r)
#else
#define NOT_BEFORE(e, c, r, t) (PROMISED(e, c, r) && LOG_END(promise[OF(e, r)]) <= LOG_END(promise[OF(e, t)]))
#endif
/* t is the best of some majority of those that promised: of the one whose answers came in time. */
#define IS_BEST(e, c, t) (PROMISED(e, c, t) && NOT_BEFORE(e, c, 0, t) + NOT_BEFORE(e, c, 1, t) + NOT_BEFORE(e, c, 2, t) >= MAJORITY)

#ifdef TWO_LEADS
#define MAY_LEAD(e, c, t) (LEAD(e, c) != 1 + (t))
#else
#define MAY_LEAD(e, c, t) (LEAD(e, c) == 0)
#endif

/* No other proposer can have a majority now, and this one never looks at the answers again. */
inline Decided(e) {
#if defined(TWO_LEADS) || defined(SAME_EPOCH_TWICE) || defined(MAJORITY_OF_ONE) || defined(VOLATILE_PROMISE)
    skip                                        /* not so there */
#else
    promise[OF(e, 0)] = 0; promise[OF(e, 1)] = 0; promise[OF(e, 2)] = 0
#endif
}

#define CHOOSE(e, c, t) d_step { IS_BEST(e, c, t) && MAY_LEAD(e, c, t) -> LEAD(e, c) = 1 + (t); Decided(e); printf("coordinator %d tells replica %d to lead epoch %d\n", c, t, e) }

proctype Coordinator(byte c) {
endless:
    do
    :: CHOOSE(1, c, 0)
    :: CHOOSE(1, c, 1)
    :: CHOOSE(1, c, 2)
    :: CHOOSE(2, c, 0)
    :: CHOOSE(2, c, 1)
    :: CHOOSE(2, c, 2)
#if EPOCHS > 2
    :: CHOOSE(3, c, 0)
    :: CHOOSE(3, c, 1)
    :: CHOOSE(3, c, 2)
#endif
#if EPOCHS > 3
    :: CHOOSE(4, c, 0)
    :: CHOOSE(4, c, 1)
    :: CHOOSE(4, c, 2)
#endif
#if EPOCHS > 4
    :: CHOOSE(5, c, 0)
    :: CHOOSE(5, c, 1)
    :: CHOOSE(5, c, 2)
#endif
    od
}

init {
    atomic {
        run Replica(0); run Replica(1); run Replica(2);
        run Coordinator(1); run Coordinator(2)
    }
}
