package dev.onduty.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Routing and telephony.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class RouterServiceGrpc {

  private RouterServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "onduty.v1.RouterService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ListStaffRequest,
      dev.onduty.v1.ListStaffResponse> getListStaffMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListStaff",
      requestType = dev.onduty.v1.ListStaffRequest.class,
      responseType = dev.onduty.v1.ListStaffResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ListStaffRequest,
      dev.onduty.v1.ListStaffResponse> getListStaffMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ListStaffRequest, dev.onduty.v1.ListStaffResponse> getListStaffMethod;
    if ((getListStaffMethod = RouterServiceGrpc.getListStaffMethod) == null) {
      synchronized (RouterServiceGrpc.class) {
        if ((getListStaffMethod = RouterServiceGrpc.getListStaffMethod) == null) {
          RouterServiceGrpc.getListStaffMethod = getListStaffMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ListStaffRequest, dev.onduty.v1.ListStaffResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListStaff"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ListStaffRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ListStaffResponse.getDefaultInstance()))
              .setSchemaDescriptor(new RouterServiceMethodDescriptorSupplier("ListStaff"))
              .build();
        }
      }
    }
    return getListStaffMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.WatchStaffRequest,
      dev.onduty.v1.WatchStaffResponse> getWatchStaffMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchStaff",
      requestType = dev.onduty.v1.WatchStaffRequest.class,
      responseType = dev.onduty.v1.WatchStaffResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.WatchStaffRequest,
      dev.onduty.v1.WatchStaffResponse> getWatchStaffMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.WatchStaffRequest, dev.onduty.v1.WatchStaffResponse> getWatchStaffMethod;
    if ((getWatchStaffMethod = RouterServiceGrpc.getWatchStaffMethod) == null) {
      synchronized (RouterServiceGrpc.class) {
        if ((getWatchStaffMethod = RouterServiceGrpc.getWatchStaffMethod) == null) {
          RouterServiceGrpc.getWatchStaffMethod = getWatchStaffMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.WatchStaffRequest, dev.onduty.v1.WatchStaffResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchStaff"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.WatchStaffRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.WatchStaffResponse.getDefaultInstance()))
              .setSchemaDescriptor(new RouterServiceMethodDescriptorSupplier("WatchStaff"))
              .build();
        }
      }
    }
    return getWatchStaffMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ClaimStaffRequest,
      dev.onduty.v1.ClaimStaffResponse> getClaimStaffMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ClaimStaff",
      requestType = dev.onduty.v1.ClaimStaffRequest.class,
      responseType = dev.onduty.v1.ClaimStaffResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ClaimStaffRequest,
      dev.onduty.v1.ClaimStaffResponse> getClaimStaffMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ClaimStaffRequest, dev.onduty.v1.ClaimStaffResponse> getClaimStaffMethod;
    if ((getClaimStaffMethod = RouterServiceGrpc.getClaimStaffMethod) == null) {
      synchronized (RouterServiceGrpc.class) {
        if ((getClaimStaffMethod = RouterServiceGrpc.getClaimStaffMethod) == null) {
          RouterServiceGrpc.getClaimStaffMethod = getClaimStaffMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ClaimStaffRequest, dev.onduty.v1.ClaimStaffResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ClaimStaff"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ClaimStaffRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ClaimStaffResponse.getDefaultInstance()))
              .setSchemaDescriptor(new RouterServiceMethodDescriptorSupplier("ClaimStaff"))
              .build();
        }
      }
    }
    return getClaimStaffMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.WithdrawClaimRequest,
      dev.onduty.v1.WithdrawClaimResponse> getWithdrawClaimMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WithdrawClaim",
      requestType = dev.onduty.v1.WithdrawClaimRequest.class,
      responseType = dev.onduty.v1.WithdrawClaimResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.WithdrawClaimRequest,
      dev.onduty.v1.WithdrawClaimResponse> getWithdrawClaimMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.WithdrawClaimRequest, dev.onduty.v1.WithdrawClaimResponse> getWithdrawClaimMethod;
    if ((getWithdrawClaimMethod = RouterServiceGrpc.getWithdrawClaimMethod) == null) {
      synchronized (RouterServiceGrpc.class) {
        if ((getWithdrawClaimMethod = RouterServiceGrpc.getWithdrawClaimMethod) == null) {
          RouterServiceGrpc.getWithdrawClaimMethod = getWithdrawClaimMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.WithdrawClaimRequest, dev.onduty.v1.WithdrawClaimResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WithdrawClaim"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.WithdrawClaimRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.WithdrawClaimResponse.getDefaultInstance()))
              .setSchemaDescriptor(new RouterServiceMethodDescriptorSupplier("WithdrawClaim"))
              .build();
        }
      }
    }
    return getWithdrawClaimMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.GetClaimRequest,
      dev.onduty.v1.GetClaimResponse> getGetClaimMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetClaim",
      requestType = dev.onduty.v1.GetClaimRequest.class,
      responseType = dev.onduty.v1.GetClaimResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.GetClaimRequest,
      dev.onduty.v1.GetClaimResponse> getGetClaimMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.GetClaimRequest, dev.onduty.v1.GetClaimResponse> getGetClaimMethod;
    if ((getGetClaimMethod = RouterServiceGrpc.getGetClaimMethod) == null) {
      synchronized (RouterServiceGrpc.class) {
        if ((getGetClaimMethod = RouterServiceGrpc.getGetClaimMethod) == null) {
          RouterServiceGrpc.getGetClaimMethod = getGetClaimMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.GetClaimRequest, dev.onduty.v1.GetClaimResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetClaim"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.GetClaimRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.GetClaimResponse.getDefaultInstance()))
              .setSchemaDescriptor(new RouterServiceMethodDescriptorSupplier("GetClaim"))
              .build();
        }
      }
    }
    return getGetClaimMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ReportCallStartedRequest,
      dev.onduty.v1.ReportCallStartedResponse> getReportCallStartedMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ReportCallStarted",
      requestType = dev.onduty.v1.ReportCallStartedRequest.class,
      responseType = dev.onduty.v1.ReportCallStartedResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ReportCallStartedRequest,
      dev.onduty.v1.ReportCallStartedResponse> getReportCallStartedMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ReportCallStartedRequest, dev.onduty.v1.ReportCallStartedResponse> getReportCallStartedMethod;
    if ((getReportCallStartedMethod = RouterServiceGrpc.getReportCallStartedMethod) == null) {
      synchronized (RouterServiceGrpc.class) {
        if ((getReportCallStartedMethod = RouterServiceGrpc.getReportCallStartedMethod) == null) {
          RouterServiceGrpc.getReportCallStartedMethod = getReportCallStartedMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ReportCallStartedRequest, dev.onduty.v1.ReportCallStartedResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ReportCallStarted"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ReportCallStartedRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ReportCallStartedResponse.getDefaultInstance()))
              .setSchemaDescriptor(new RouterServiceMethodDescriptorSupplier("ReportCallStarted"))
              .build();
        }
      }
    }
    return getReportCallStartedMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ReportCallEndedRequest,
      dev.onduty.v1.ReportCallEndedResponse> getReportCallEndedMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ReportCallEnded",
      requestType = dev.onduty.v1.ReportCallEndedRequest.class,
      responseType = dev.onduty.v1.ReportCallEndedResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ReportCallEndedRequest,
      dev.onduty.v1.ReportCallEndedResponse> getReportCallEndedMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ReportCallEndedRequest, dev.onduty.v1.ReportCallEndedResponse> getReportCallEndedMethod;
    if ((getReportCallEndedMethod = RouterServiceGrpc.getReportCallEndedMethod) == null) {
      synchronized (RouterServiceGrpc.class) {
        if ((getReportCallEndedMethod = RouterServiceGrpc.getReportCallEndedMethod) == null) {
          RouterServiceGrpc.getReportCallEndedMethod = getReportCallEndedMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ReportCallEndedRequest, dev.onduty.v1.ReportCallEndedResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ReportCallEnded"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ReportCallEndedRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ReportCallEndedResponse.getDefaultInstance()))
              .setSchemaDescriptor(new RouterServiceMethodDescriptorSupplier("ReportCallEnded"))
              .build();
        }
      }
    }
    return getReportCallEndedMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ReportCallEventsRequest,
      dev.onduty.v1.ReportCallEventsResponse> getReportCallEventsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ReportCallEvents",
      requestType = dev.onduty.v1.ReportCallEventsRequest.class,
      responseType = dev.onduty.v1.ReportCallEventsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ReportCallEventsRequest,
      dev.onduty.v1.ReportCallEventsResponse> getReportCallEventsMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ReportCallEventsRequest, dev.onduty.v1.ReportCallEventsResponse> getReportCallEventsMethod;
    if ((getReportCallEventsMethod = RouterServiceGrpc.getReportCallEventsMethod) == null) {
      synchronized (RouterServiceGrpc.class) {
        if ((getReportCallEventsMethod = RouterServiceGrpc.getReportCallEventsMethod) == null) {
          RouterServiceGrpc.getReportCallEventsMethod = getReportCallEventsMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ReportCallEventsRequest, dev.onduty.v1.ReportCallEventsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ReportCallEvents"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ReportCallEventsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ReportCallEventsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new RouterServiceMethodDescriptorSupplier("ReportCallEvents"))
              .build();
        }
      }
    }
    return getReportCallEventsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ReconcileCallsRequest,
      dev.onduty.v1.ReconcileCallsResponse> getReconcileCallsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ReconcileCalls",
      requestType = dev.onduty.v1.ReconcileCallsRequest.class,
      responseType = dev.onduty.v1.ReconcileCallsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ReconcileCallsRequest,
      dev.onduty.v1.ReconcileCallsResponse> getReconcileCallsMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ReconcileCallsRequest, dev.onduty.v1.ReconcileCallsResponse> getReconcileCallsMethod;
    if ((getReconcileCallsMethod = RouterServiceGrpc.getReconcileCallsMethod) == null) {
      synchronized (RouterServiceGrpc.class) {
        if ((getReconcileCallsMethod = RouterServiceGrpc.getReconcileCallsMethod) == null) {
          RouterServiceGrpc.getReconcileCallsMethod = getReconcileCallsMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ReconcileCallsRequest, dev.onduty.v1.ReconcileCallsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ReconcileCalls"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ReconcileCallsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ReconcileCallsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new RouterServiceMethodDescriptorSupplier("ReconcileCalls"))
              .build();
        }
      }
    }
    return getReconcileCallsMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static RouterServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<RouterServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<RouterServiceStub>() {
        @java.lang.Override
        public RouterServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new RouterServiceStub(channel, callOptions);
        }
      };
    return RouterServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static RouterServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<RouterServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<RouterServiceBlockingV2Stub>() {
        @java.lang.Override
        public RouterServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new RouterServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return RouterServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static RouterServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<RouterServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<RouterServiceBlockingStub>() {
        @java.lang.Override
        public RouterServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new RouterServiceBlockingStub(channel, callOptions);
        }
      };
    return RouterServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static RouterServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<RouterServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<RouterServiceFutureStub>() {
        @java.lang.Override
        public RouterServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new RouterServiceFutureStub(channel, callOptions);
        }
      };
    return RouterServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Routing and telephony.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Lists staff by id, in pages, each of which shows the present.
     * Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    default void listStaff(dev.onduty.v1.ListStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ListStaffResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListStaffMethod(), responseObserver);
    }

    /**
     * <pre>
     * Watches staff. The stream's promises:
     * Ordered: changes come by ascending revision. Unique: none comes twice. Reliable: none is left out within the kept history
     * (EVERY_CHANGE). Atomic: a revision is never split over two frames. Resumable: a watch with resume_after continues
     * exactly after that position. Bookmarkable: a frame's position says that everything up to it has been sent.
     * Without resume_after the stream begins with a snapshot at one revision in chunks, the last one flagged, and continues with
     * every later change. Nothing is shown that a crash could take back.
     * Errors: POSITION_TOO_OLD, POSITION_IN_FUTURE, POSITION_FOREIGN, POSITION_FILTER_CHANGED (all mean: watch afresh),
     * WATCHER_TOO_SLOW, WATCH_QUOTA, DRAINING.
     * </pre>
     */
    default void watchStaff(dev.onduty.v1.WatchStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.WatchStaffResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchStaffMethod(), responseObserver);
    }

    /**
     * <pre>
     * Claims a staff member for a call: a named one, the first of several candidates who can be given it, or a member of skill
     * groups. Of any number of routers that claim the same person at once, one wins. The claim expires if nobody answers. When
     * somebody answers the call, its other offers end (OFFER_END_ELSEWHERE).
     * Errors: STAFF_NOT_ASSIGNABLE, NOBODY_AVAILABLE, STAFF_UNKNOWN, REVISION_MISMATCH.
     * </pre>
     */
    default void claimStaff(dev.onduty.v1.ClaimStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ClaimStaffResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getClaimStaffMethod(), responseObserver);
    }

    /**
     * <pre>
     * Withdraws a claim, as when the caller hung up. No miss is counted. A claim that has ended already is left as it is.
     * Errors: CLAIM_UNKNOWN.
     * </pre>
     */
    default void withdrawClaim(dev.onduty.v1.WithdrawClaimRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.WithdrawClaimResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWithdrawClaimMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads a claim: whether it is outstanding, or how it ended. Errors: CLAIM_UNKNOWN (also where it is forgotten), POSITION_*.
     * </pre>
     */
    default void getClaim(dev.onduty.v1.GetClaimRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.GetClaimResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetClaimMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reports that a call is in progress: it started, or goes on, is held or was answered. A fact is never refused by the rules; it
     * is flagged irregular where they would have. Repeating it confirms the call, whose maximum age counts anew from there.
     * </pre>
     */
    default void reportCallStarted(dev.onduty.v1.ReportCallStartedRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ReportCallStartedResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getReportCallStartedMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reports that a call, or one leg of it, ended. It moves nothing where no such call is known, but is remembered: a start that
     * arrives late does not begin the call again.
     * </pre>
     */
    default void reportCallEnded(dev.onduty.v1.ReportCallEndedRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ReportCallEndedResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getReportCallEndedMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reports up to 1,000 facts, applied in order, each on its own: a bad one does not hold up the others.
     * </pre>
     */
    default void reportCallEvents(dev.onduty.v1.ReportCallEventsRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ReportCallEventsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getReportCallEventsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Tells all calls that a source has: its other calls end, missing ones start. At once for all staff or not at all. Say as of
     * when the list is (observed_at or observed_position): calls that began or ended after that are left alone.
     * </pre>
     */
    default void reconcileCalls(dev.onduty.v1.ReconcileCallsRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ReconcileCallsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getReconcileCallsMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service RouterService.
   * <pre>
   * Routing and telephony.
   * </pre>
   */
  public static abstract class RouterServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return RouterServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service RouterService.
   * <pre>
   * Routing and telephony.
   * </pre>
   */
  public static final class RouterServiceStub
      extends io.grpc.stub.AbstractAsyncStub<RouterServiceStub> {
    private RouterServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected RouterServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new RouterServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists staff by id, in pages, each of which shows the present.
     * Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public void listStaff(dev.onduty.v1.ListStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ListStaffResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListStaffMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Watches staff. The stream's promises:
     * Ordered: changes come by ascending revision. Unique: none comes twice. Reliable: none is left out within the kept history
     * (EVERY_CHANGE). Atomic: a revision is never split over two frames. Resumable: a watch with resume_after continues
     * exactly after that position. Bookmarkable: a frame's position says that everything up to it has been sent.
     * Without resume_after the stream begins with a snapshot at one revision in chunks, the last one flagged, and continues with
     * every later change. Nothing is shown that a crash could take back.
     * Errors: POSITION_TOO_OLD, POSITION_IN_FUTURE, POSITION_FOREIGN, POSITION_FILTER_CHANGED (all mean: watch afresh),
     * WATCHER_TOO_SLOW, WATCH_QUOTA, DRAINING.
     * </pre>
     */
    public void watchStaff(dev.onduty.v1.WatchStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.WatchStaffResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchStaffMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Claims a staff member for a call: a named one, the first of several candidates who can be given it, or a member of skill
     * groups. Of any number of routers that claim the same person at once, one wins. The claim expires if nobody answers. When
     * somebody answers the call, its other offers end (OFFER_END_ELSEWHERE).
     * Errors: STAFF_NOT_ASSIGNABLE, NOBODY_AVAILABLE, STAFF_UNKNOWN, REVISION_MISMATCH.
     * </pre>
     */
    public void claimStaff(dev.onduty.v1.ClaimStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ClaimStaffResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getClaimStaffMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Withdraws a claim, as when the caller hung up. No miss is counted. A claim that has ended already is left as it is.
     * Errors: CLAIM_UNKNOWN.
     * </pre>
     */
    public void withdrawClaim(dev.onduty.v1.WithdrawClaimRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.WithdrawClaimResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getWithdrawClaimMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reads a claim: whether it is outstanding, or how it ended. Errors: CLAIM_UNKNOWN (also where it is forgotten), POSITION_*.
     * </pre>
     */
    public void getClaim(dev.onduty.v1.GetClaimRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.GetClaimResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetClaimMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reports that a call is in progress: it started, or goes on, is held or was answered. A fact is never refused by the rules; it
     * is flagged irregular where they would have. Repeating it confirms the call, whose maximum age counts anew from there.
     * </pre>
     */
    public void reportCallStarted(dev.onduty.v1.ReportCallStartedRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ReportCallStartedResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getReportCallStartedMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reports that a call, or one leg of it, ended. It moves nothing where no such call is known, but is remembered: a start that
     * arrives late does not begin the call again.
     * </pre>
     */
    public void reportCallEnded(dev.onduty.v1.ReportCallEndedRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ReportCallEndedResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getReportCallEndedMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reports up to 1,000 facts, applied in order, each on its own: a bad one does not hold up the others.
     * </pre>
     */
    public void reportCallEvents(dev.onduty.v1.ReportCallEventsRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ReportCallEventsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getReportCallEventsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Tells all calls that a source has: its other calls end, missing ones start. At once for all staff or not at all. Say as of
     * when the list is (observed_at or observed_position): calls that began or ended after that are left alone.
     * </pre>
     */
    public void reconcileCalls(dev.onduty.v1.ReconcileCallsRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ReconcileCallsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getReconcileCallsMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service RouterService.
   * <pre>
   * Routing and telephony.
   * </pre>
   */
  public static final class RouterServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<RouterServiceBlockingV2Stub> {
    private RouterServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected RouterServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new RouterServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists staff by id, in pages, each of which shows the present.
     * Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.ListStaffResponse listStaff(dev.onduty.v1.ListStaffRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Watches staff. The stream's promises:
     * Ordered: changes come by ascending revision. Unique: none comes twice. Reliable: none is left out within the kept history
     * (EVERY_CHANGE). Atomic: a revision is never split over two frames. Resumable: a watch with resume_after continues
     * exactly after that position. Bookmarkable: a frame's position says that everything up to it has been sent.
     * Without resume_after the stream begins with a snapshot at one revision in chunks, the last one flagged, and continues with
     * every later change. Nothing is shown that a crash could take back.
     * Errors: POSITION_TOO_OLD, POSITION_IN_FUTURE, POSITION_FOREIGN, POSITION_FILTER_CHANGED (all mean: watch afresh),
     * WATCHER_TOO_SLOW, WATCH_QUOTA, DRAINING.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.onduty.v1.WatchStaffResponse>
        watchStaff(dev.onduty.v1.WatchStaffRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getWatchStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Claims a staff member for a call: a named one, the first of several candidates who can be given it, or a member of skill
     * groups. Of any number of routers that claim the same person at once, one wins. The claim expires if nobody answers. When
     * somebody answers the call, its other offers end (OFFER_END_ELSEWHERE).
     * Errors: STAFF_NOT_ASSIGNABLE, NOBODY_AVAILABLE, STAFF_UNKNOWN, REVISION_MISMATCH.
     * </pre>
     */
    public dev.onduty.v1.ClaimStaffResponse claimStaff(dev.onduty.v1.ClaimStaffRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getClaimStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Withdraws a claim, as when the caller hung up. No miss is counted. A claim that has ended already is left as it is.
     * Errors: CLAIM_UNKNOWN.
     * </pre>
     */
    public dev.onduty.v1.WithdrawClaimResponse withdrawClaim(dev.onduty.v1.WithdrawClaimRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getWithdrawClaimMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads a claim: whether it is outstanding, or how it ended. Errors: CLAIM_UNKNOWN (also where it is forgotten), POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.GetClaimResponse getClaim(dev.onduty.v1.GetClaimRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetClaimMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reports that a call is in progress: it started, or goes on, is held or was answered. A fact is never refused by the rules; it
     * is flagged irregular where they would have. Repeating it confirms the call, whose maximum age counts anew from there.
     * </pre>
     */
    public dev.onduty.v1.ReportCallStartedResponse reportCallStarted(dev.onduty.v1.ReportCallStartedRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getReportCallStartedMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reports that a call, or one leg of it, ended. It moves nothing where no such call is known, but is remembered: a start that
     * arrives late does not begin the call again.
     * </pre>
     */
    public dev.onduty.v1.ReportCallEndedResponse reportCallEnded(dev.onduty.v1.ReportCallEndedRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getReportCallEndedMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reports up to 1,000 facts, applied in order, each on its own: a bad one does not hold up the others.
     * </pre>
     */
    public dev.onduty.v1.ReportCallEventsResponse reportCallEvents(dev.onduty.v1.ReportCallEventsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getReportCallEventsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells all calls that a source has: its other calls end, missing ones start. At once for all staff or not at all. Say as of
     * when the list is (observed_at or observed_position): calls that began or ended after that are left alone.
     * </pre>
     */
    public dev.onduty.v1.ReconcileCallsResponse reconcileCalls(dev.onduty.v1.ReconcileCallsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getReconcileCallsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service RouterService.
   * <pre>
   * Routing and telephony.
   * </pre>
   */
  public static final class RouterServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<RouterServiceBlockingStub> {
    private RouterServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected RouterServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new RouterServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists staff by id, in pages, each of which shows the present.
     * Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.ListStaffResponse listStaff(dev.onduty.v1.ListStaffRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Watches staff. The stream's promises:
     * Ordered: changes come by ascending revision. Unique: none comes twice. Reliable: none is left out within the kept history
     * (EVERY_CHANGE). Atomic: a revision is never split over two frames. Resumable: a watch with resume_after continues
     * exactly after that position. Bookmarkable: a frame's position says that everything up to it has been sent.
     * Without resume_after the stream begins with a snapshot at one revision in chunks, the last one flagged, and continues with
     * every later change. Nothing is shown that a crash could take back.
     * Errors: POSITION_TOO_OLD, POSITION_IN_FUTURE, POSITION_FOREIGN, POSITION_FILTER_CHANGED (all mean: watch afresh),
     * WATCHER_TOO_SLOW, WATCH_QUOTA, DRAINING.
     * </pre>
     */
    public java.util.Iterator<dev.onduty.v1.WatchStaffResponse> watchStaff(
        dev.onduty.v1.WatchStaffRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Claims a staff member for a call: a named one, the first of several candidates who can be given it, or a member of skill
     * groups. Of any number of routers that claim the same person at once, one wins. The claim expires if nobody answers. When
     * somebody answers the call, its other offers end (OFFER_END_ELSEWHERE).
     * Errors: STAFF_NOT_ASSIGNABLE, NOBODY_AVAILABLE, STAFF_UNKNOWN, REVISION_MISMATCH.
     * </pre>
     */
    public dev.onduty.v1.ClaimStaffResponse claimStaff(dev.onduty.v1.ClaimStaffRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getClaimStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Withdraws a claim, as when the caller hung up. No miss is counted. A claim that has ended already is left as it is.
     * Errors: CLAIM_UNKNOWN.
     * </pre>
     */
    public dev.onduty.v1.WithdrawClaimResponse withdrawClaim(dev.onduty.v1.WithdrawClaimRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getWithdrawClaimMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads a claim: whether it is outstanding, or how it ended. Errors: CLAIM_UNKNOWN (also where it is forgotten), POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.GetClaimResponse getClaim(dev.onduty.v1.GetClaimRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetClaimMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reports that a call is in progress: it started, or goes on, is held or was answered. A fact is never refused by the rules; it
     * is flagged irregular where they would have. Repeating it confirms the call, whose maximum age counts anew from there.
     * </pre>
     */
    public dev.onduty.v1.ReportCallStartedResponse reportCallStarted(dev.onduty.v1.ReportCallStartedRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getReportCallStartedMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reports that a call, or one leg of it, ended. It moves nothing where no such call is known, but is remembered: a start that
     * arrives late does not begin the call again.
     * </pre>
     */
    public dev.onduty.v1.ReportCallEndedResponse reportCallEnded(dev.onduty.v1.ReportCallEndedRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getReportCallEndedMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reports up to 1,000 facts, applied in order, each on its own: a bad one does not hold up the others.
     * </pre>
     */
    public dev.onduty.v1.ReportCallEventsResponse reportCallEvents(dev.onduty.v1.ReportCallEventsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getReportCallEventsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tells all calls that a source has: its other calls end, missing ones start. At once for all staff or not at all. Say as of
     * when the list is (observed_at or observed_position): calls that began or ended after that are left alone.
     * </pre>
     */
    public dev.onduty.v1.ReconcileCallsResponse reconcileCalls(dev.onduty.v1.ReconcileCallsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getReconcileCallsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service RouterService.
   * <pre>
   * Routing and telephony.
   * </pre>
   */
  public static final class RouterServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<RouterServiceFutureStub> {
    private RouterServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected RouterServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new RouterServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists staff by id, in pages, each of which shows the present.
     * Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ListStaffResponse> listStaff(
        dev.onduty.v1.ListStaffRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListStaffMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Claims a staff member for a call: a named one, the first of several candidates who can be given it, or a member of skill
     * groups. Of any number of routers that claim the same person at once, one wins. The claim expires if nobody answers. When
     * somebody answers the call, its other offers end (OFFER_END_ELSEWHERE).
     * Errors: STAFF_NOT_ASSIGNABLE, NOBODY_AVAILABLE, STAFF_UNKNOWN, REVISION_MISMATCH.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ClaimStaffResponse> claimStaff(
        dev.onduty.v1.ClaimStaffRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getClaimStaffMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Withdraws a claim, as when the caller hung up. No miss is counted. A claim that has ended already is left as it is.
     * Errors: CLAIM_UNKNOWN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.WithdrawClaimResponse> withdrawClaim(
        dev.onduty.v1.WithdrawClaimRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getWithdrawClaimMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads a claim: whether it is outstanding, or how it ended. Errors: CLAIM_UNKNOWN (also where it is forgotten), POSITION_*.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.GetClaimResponse> getClaim(
        dev.onduty.v1.GetClaimRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetClaimMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reports that a call is in progress: it started, or goes on, is held or was answered. A fact is never refused by the rules; it
     * is flagged irregular where they would have. Repeating it confirms the call, whose maximum age counts anew from there.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ReportCallStartedResponse> reportCallStarted(
        dev.onduty.v1.ReportCallStartedRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getReportCallStartedMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reports that a call, or one leg of it, ended. It moves nothing where no such call is known, but is remembered: a start that
     * arrives late does not begin the call again.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ReportCallEndedResponse> reportCallEnded(
        dev.onduty.v1.ReportCallEndedRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getReportCallEndedMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reports up to 1,000 facts, applied in order, each on its own: a bad one does not hold up the others.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ReportCallEventsResponse> reportCallEvents(
        dev.onduty.v1.ReportCallEventsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getReportCallEventsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Tells all calls that a source has: its other calls end, missing ones start. At once for all staff or not at all. Say as of
     * when the list is (observed_at or observed_position): calls that began or ended after that are left alone.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ReconcileCallsResponse> reconcileCalls(
        dev.onduty.v1.ReconcileCallsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getReconcileCallsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_STAFF = 0;
  private static final int METHODID_WATCH_STAFF = 1;
  private static final int METHODID_CLAIM_STAFF = 2;
  private static final int METHODID_WITHDRAW_CLAIM = 3;
  private static final int METHODID_GET_CLAIM = 4;
  private static final int METHODID_REPORT_CALL_STARTED = 5;
  private static final int METHODID_REPORT_CALL_ENDED = 6;
  private static final int METHODID_REPORT_CALL_EVENTS = 7;
  private static final int METHODID_RECONCILE_CALLS = 8;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_LIST_STAFF:
          serviceImpl.listStaff((dev.onduty.v1.ListStaffRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ListStaffResponse>) responseObserver);
          break;
        case METHODID_WATCH_STAFF:
          serviceImpl.watchStaff((dev.onduty.v1.WatchStaffRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.WatchStaffResponse>) responseObserver);
          break;
        case METHODID_CLAIM_STAFF:
          serviceImpl.claimStaff((dev.onduty.v1.ClaimStaffRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ClaimStaffResponse>) responseObserver);
          break;
        case METHODID_WITHDRAW_CLAIM:
          serviceImpl.withdrawClaim((dev.onduty.v1.WithdrawClaimRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.WithdrawClaimResponse>) responseObserver);
          break;
        case METHODID_GET_CLAIM:
          serviceImpl.getClaim((dev.onduty.v1.GetClaimRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.GetClaimResponse>) responseObserver);
          break;
        case METHODID_REPORT_CALL_STARTED:
          serviceImpl.reportCallStarted((dev.onduty.v1.ReportCallStartedRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ReportCallStartedResponse>) responseObserver);
          break;
        case METHODID_REPORT_CALL_ENDED:
          serviceImpl.reportCallEnded((dev.onduty.v1.ReportCallEndedRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ReportCallEndedResponse>) responseObserver);
          break;
        case METHODID_REPORT_CALL_EVENTS:
          serviceImpl.reportCallEvents((dev.onduty.v1.ReportCallEventsRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ReportCallEventsResponse>) responseObserver);
          break;
        case METHODID_RECONCILE_CALLS:
          serviceImpl.reconcileCalls((dev.onduty.v1.ReconcileCallsRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ReconcileCallsResponse>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getListStaffMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ListStaffRequest,
              dev.onduty.v1.ListStaffResponse>(
                service, METHODID_LIST_STAFF)))
        .addMethod(
          getWatchStaffMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.onduty.v1.WatchStaffRequest,
              dev.onduty.v1.WatchStaffResponse>(
                service, METHODID_WATCH_STAFF)))
        .addMethod(
          getClaimStaffMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ClaimStaffRequest,
              dev.onduty.v1.ClaimStaffResponse>(
                service, METHODID_CLAIM_STAFF)))
        .addMethod(
          getWithdrawClaimMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.WithdrawClaimRequest,
              dev.onduty.v1.WithdrawClaimResponse>(
                service, METHODID_WITHDRAW_CLAIM)))
        .addMethod(
          getGetClaimMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.GetClaimRequest,
              dev.onduty.v1.GetClaimResponse>(
                service, METHODID_GET_CLAIM)))
        .addMethod(
          getReportCallStartedMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ReportCallStartedRequest,
              dev.onduty.v1.ReportCallStartedResponse>(
                service, METHODID_REPORT_CALL_STARTED)))
        .addMethod(
          getReportCallEndedMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ReportCallEndedRequest,
              dev.onduty.v1.ReportCallEndedResponse>(
                service, METHODID_REPORT_CALL_ENDED)))
        .addMethod(
          getReportCallEventsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ReportCallEventsRequest,
              dev.onduty.v1.ReportCallEventsResponse>(
                service, METHODID_REPORT_CALL_EVENTS)))
        .addMethod(
          getReconcileCallsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ReconcileCallsRequest,
              dev.onduty.v1.ReconcileCallsResponse>(
                service, METHODID_RECONCILE_CALLS)))
        .build();
  }

  private static abstract class RouterServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    RouterServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.onduty.v1.RouterServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("RouterService");
    }
  }

  private static final class RouterServiceFileDescriptorSupplier
      extends RouterServiceBaseDescriptorSupplier {
    RouterServiceFileDescriptorSupplier() {}
  }

  private static final class RouterServiceMethodDescriptorSupplier
      extends RouterServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    RouterServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (RouterServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new RouterServiceFileDescriptorSupplier())
              .addMethod(getListStaffMethod())
              .addMethod(getWatchStaffMethod())
              .addMethod(getClaimStaffMethod())
              .addMethod(getWithdrawClaimMethod())
              .addMethod(getGetClaimMethod())
              .addMethod(getReportCallStartedMethod())
              .addMethod(getReportCallEndedMethod())
              .addMethod(getReportCallEventsMethod())
              .addMethod(getReconcileCallsMethod())
              .build();
        }
      }
    }
    return result;
  }
}
