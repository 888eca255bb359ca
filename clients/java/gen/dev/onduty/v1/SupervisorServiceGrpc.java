package dev.onduty.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Intervention. A caller with the supervisor role reaches the staff of its skill groups only.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class SupervisorServiceGrpc {

  private SupervisorServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "onduty.v1.SupervisorService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ForceStatusRequest,
      dev.onduty.v1.ForceStatusResponse> getForceStatusMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ForceStatus",
      requestType = dev.onduty.v1.ForceStatusRequest.class,
      responseType = dev.onduty.v1.ForceStatusResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ForceStatusRequest,
      dev.onduty.v1.ForceStatusResponse> getForceStatusMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ForceStatusRequest, dev.onduty.v1.ForceStatusResponse> getForceStatusMethod;
    if ((getForceStatusMethod = SupervisorServiceGrpc.getForceStatusMethod) == null) {
      synchronized (SupervisorServiceGrpc.class) {
        if ((getForceStatusMethod = SupervisorServiceGrpc.getForceStatusMethod) == null) {
          SupervisorServiceGrpc.getForceStatusMethod = getForceStatusMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ForceStatusRequest, dev.onduty.v1.ForceStatusResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ForceStatus"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ForceStatusRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ForceStatusResponse.getDefaultInstance()))
              .setSchemaDescriptor(new SupervisorServiceMethodDescriptorSupplier("ForceStatus"))
              .build();
        }
      }
    }
    return getForceStatusMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.BatchForceStatusRequest,
      dev.onduty.v1.BatchForceStatusResponse> getBatchForceStatusMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchForceStatus",
      requestType = dev.onduty.v1.BatchForceStatusRequest.class,
      responseType = dev.onduty.v1.BatchForceStatusResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.BatchForceStatusRequest,
      dev.onduty.v1.BatchForceStatusResponse> getBatchForceStatusMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.BatchForceStatusRequest, dev.onduty.v1.BatchForceStatusResponse> getBatchForceStatusMethod;
    if ((getBatchForceStatusMethod = SupervisorServiceGrpc.getBatchForceStatusMethod) == null) {
      synchronized (SupervisorServiceGrpc.class) {
        if ((getBatchForceStatusMethod = SupervisorServiceGrpc.getBatchForceStatusMethod) == null) {
          SupervisorServiceGrpc.getBatchForceStatusMethod = getBatchForceStatusMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.BatchForceStatusRequest, dev.onduty.v1.BatchForceStatusResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchForceStatus"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.BatchForceStatusRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.BatchForceStatusResponse.getDefaultInstance()))
              .setSchemaDescriptor(new SupervisorServiceMethodDescriptorSupplier("BatchForceStatus"))
              .build();
        }
      }
    }
    return getBatchForceStatusMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ResetStaffRequest,
      dev.onduty.v1.ResetStaffResponse> getResetStaffMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ResetStaff",
      requestType = dev.onduty.v1.ResetStaffRequest.class,
      responseType = dev.onduty.v1.ResetStaffResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ResetStaffRequest,
      dev.onduty.v1.ResetStaffResponse> getResetStaffMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ResetStaffRequest, dev.onduty.v1.ResetStaffResponse> getResetStaffMethod;
    if ((getResetStaffMethod = SupervisorServiceGrpc.getResetStaffMethod) == null) {
      synchronized (SupervisorServiceGrpc.class) {
        if ((getResetStaffMethod = SupervisorServiceGrpc.getResetStaffMethod) == null) {
          SupervisorServiceGrpc.getResetStaffMethod = getResetStaffMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ResetStaffRequest, dev.onduty.v1.ResetStaffResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ResetStaff"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ResetStaffRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ResetStaffResponse.getDefaultInstance()))
              .setSchemaDescriptor(new SupervisorServiceMethodDescriptorSupplier("ResetStaff"))
              .build();
        }
      }
    }
    return getResetStaffMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.GetStaffSummaryRequest,
      dev.onduty.v1.GetStaffSummaryResponse> getGetStaffSummaryMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetStaffSummary",
      requestType = dev.onduty.v1.GetStaffSummaryRequest.class,
      responseType = dev.onduty.v1.GetStaffSummaryResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.GetStaffSummaryRequest,
      dev.onduty.v1.GetStaffSummaryResponse> getGetStaffSummaryMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.GetStaffSummaryRequest, dev.onduty.v1.GetStaffSummaryResponse> getGetStaffSummaryMethod;
    if ((getGetStaffSummaryMethod = SupervisorServiceGrpc.getGetStaffSummaryMethod) == null) {
      synchronized (SupervisorServiceGrpc.class) {
        if ((getGetStaffSummaryMethod = SupervisorServiceGrpc.getGetStaffSummaryMethod) == null) {
          SupervisorServiceGrpc.getGetStaffSummaryMethod = getGetStaffSummaryMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.GetStaffSummaryRequest, dev.onduty.v1.GetStaffSummaryResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetStaffSummary"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.GetStaffSummaryRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.GetStaffSummaryResponse.getDefaultInstance()))
              .setSchemaDescriptor(new SupervisorServiceMethodDescriptorSupplier("GetStaffSummary"))
              .build();
        }
      }
    }
    return getGetStaffSummaryMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static SupervisorServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<SupervisorServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<SupervisorServiceStub>() {
        @java.lang.Override
        public SupervisorServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new SupervisorServiceStub(channel, callOptions);
        }
      };
    return SupervisorServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static SupervisorServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<SupervisorServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<SupervisorServiceBlockingV2Stub>() {
        @java.lang.Override
        public SupervisorServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new SupervisorServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return SupervisorServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static SupervisorServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<SupervisorServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<SupervisorServiceBlockingStub>() {
        @java.lang.Override
        public SupervisorServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new SupervisorServiceBlockingStub(channel, callOptions);
        }
      };
    return SupervisorServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static SupervisorServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<SupervisorServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<SupervisorServiceFutureStub>() {
        @java.lang.Override
        public SupervisorServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new SupervisorServiceFutureStub(channel, callOptions);
        }
      };
    return SupervisorServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Intervention. A caller with the supervisor role reaches the staff of its skill groups only.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Sets a staff member's choice. In a call it becomes the next choice, unless immediately is asked, which also drops the calls
     * from the record. Errors: STAFF_UNKNOWN, TRANSITION_REFUSED (a status that only the system sets), BREAK_REASON_*.
     * </pre>
     */
    default void forceStatus(dev.onduty.v1.ForceStatusRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ForceStatusResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getForceStatusMethod(), responseObserver);
    }

    /**
     * <pre>
     * Forces up to 1,000 staff members, each on its own: a bad item does not hold up the others.
     * </pre>
     */
    default void batchForceStatus(dev.onduty.v1.BatchForceStatusRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.BatchForceStatusResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchForceStatusMethod(), responseObserver);
    }

    /**
     * <pre>
     * Repairs a stuck staff member: calls, offer, wrap-up and next choice are cleared, the choice stays.
     * </pre>
     */
    default void resetStaff(dev.onduty.v1.ResetStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ResetStaffResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getResetStaffMethod(), responseObserver);
    }

    /**
     * <pre>
     * Counts staff by status, and by skill group and status.
     * </pre>
     */
    default void getStaffSummary(dev.onduty.v1.GetStaffSummaryRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.GetStaffSummaryResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetStaffSummaryMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service SupervisorService.
   * <pre>
   * Intervention. A caller with the supervisor role reaches the staff of its skill groups only.
   * </pre>
   */
  public static abstract class SupervisorServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return SupervisorServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service SupervisorService.
   * <pre>
   * Intervention. A caller with the supervisor role reaches the staff of its skill groups only.
   * </pre>
   */
  public static final class SupervisorServiceStub
      extends io.grpc.stub.AbstractAsyncStub<SupervisorServiceStub> {
    private SupervisorServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected SupervisorServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new SupervisorServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Sets a staff member's choice. In a call it becomes the next choice, unless immediately is asked, which also drops the calls
     * from the record. Errors: STAFF_UNKNOWN, TRANSITION_REFUSED (a status that only the system sets), BREAK_REASON_*.
     * </pre>
     */
    public void forceStatus(dev.onduty.v1.ForceStatusRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ForceStatusResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getForceStatusMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Forces up to 1,000 staff members, each on its own: a bad item does not hold up the others.
     * </pre>
     */
    public void batchForceStatus(dev.onduty.v1.BatchForceStatusRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.BatchForceStatusResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchForceStatusMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Repairs a stuck staff member: calls, offer, wrap-up and next choice are cleared, the choice stays.
     * </pre>
     */
    public void resetStaff(dev.onduty.v1.ResetStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ResetStaffResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getResetStaffMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Counts staff by status, and by skill group and status.
     * </pre>
     */
    public void getStaffSummary(dev.onduty.v1.GetStaffSummaryRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.GetStaffSummaryResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetStaffSummaryMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service SupervisorService.
   * <pre>
   * Intervention. A caller with the supervisor role reaches the staff of its skill groups only.
   * </pre>
   */
  public static final class SupervisorServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<SupervisorServiceBlockingV2Stub> {
    private SupervisorServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected SupervisorServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new SupervisorServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Sets a staff member's choice. In a call it becomes the next choice, unless immediately is asked, which also drops the calls
     * from the record. Errors: STAFF_UNKNOWN, TRANSITION_REFUSED (a status that only the system sets), BREAK_REASON_*.
     * </pre>
     */
    public dev.onduty.v1.ForceStatusResponse forceStatus(dev.onduty.v1.ForceStatusRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getForceStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Forces up to 1,000 staff members, each on its own: a bad item does not hold up the others.
     * </pre>
     */
    public dev.onduty.v1.BatchForceStatusResponse batchForceStatus(dev.onduty.v1.BatchForceStatusRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchForceStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Repairs a stuck staff member: calls, offer, wrap-up and next choice are cleared, the choice stays.
     * </pre>
     */
    public dev.onduty.v1.ResetStaffResponse resetStaff(dev.onduty.v1.ResetStaffRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getResetStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Counts staff by status, and by skill group and status.
     * </pre>
     */
    public dev.onduty.v1.GetStaffSummaryResponse getStaffSummary(dev.onduty.v1.GetStaffSummaryRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetStaffSummaryMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service SupervisorService.
   * <pre>
   * Intervention. A caller with the supervisor role reaches the staff of its skill groups only.
   * </pre>
   */
  public static final class SupervisorServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<SupervisorServiceBlockingStub> {
    private SupervisorServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected SupervisorServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new SupervisorServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Sets a staff member's choice. In a call it becomes the next choice, unless immediately is asked, which also drops the calls
     * from the record. Errors: STAFF_UNKNOWN, TRANSITION_REFUSED (a status that only the system sets), BREAK_REASON_*.
     * </pre>
     */
    public dev.onduty.v1.ForceStatusResponse forceStatus(dev.onduty.v1.ForceStatusRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getForceStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Forces up to 1,000 staff members, each on its own: a bad item does not hold up the others.
     * </pre>
     */
    public dev.onduty.v1.BatchForceStatusResponse batchForceStatus(dev.onduty.v1.BatchForceStatusRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchForceStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Repairs a stuck staff member: calls, offer, wrap-up and next choice are cleared, the choice stays.
     * </pre>
     */
    public dev.onduty.v1.ResetStaffResponse resetStaff(dev.onduty.v1.ResetStaffRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getResetStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Counts staff by status, and by skill group and status.
     * </pre>
     */
    public dev.onduty.v1.GetStaffSummaryResponse getStaffSummary(dev.onduty.v1.GetStaffSummaryRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetStaffSummaryMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service SupervisorService.
   * <pre>
   * Intervention. A caller with the supervisor role reaches the staff of its skill groups only.
   * </pre>
   */
  public static final class SupervisorServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<SupervisorServiceFutureStub> {
    private SupervisorServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected SupervisorServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new SupervisorServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Sets a staff member's choice. In a call it becomes the next choice, unless immediately is asked, which also drops the calls
     * from the record. Errors: STAFF_UNKNOWN, TRANSITION_REFUSED (a status that only the system sets), BREAK_REASON_*.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ForceStatusResponse> forceStatus(
        dev.onduty.v1.ForceStatusRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getForceStatusMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Forces up to 1,000 staff members, each on its own: a bad item does not hold up the others.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.BatchForceStatusResponse> batchForceStatus(
        dev.onduty.v1.BatchForceStatusRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchForceStatusMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Repairs a stuck staff member: calls, offer, wrap-up and next choice are cleared, the choice stays.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ResetStaffResponse> resetStaff(
        dev.onduty.v1.ResetStaffRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getResetStaffMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Counts staff by status, and by skill group and status.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.GetStaffSummaryResponse> getStaffSummary(
        dev.onduty.v1.GetStaffSummaryRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetStaffSummaryMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_FORCE_STATUS = 0;
  private static final int METHODID_BATCH_FORCE_STATUS = 1;
  private static final int METHODID_RESET_STAFF = 2;
  private static final int METHODID_GET_STAFF_SUMMARY = 3;

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
        case METHODID_FORCE_STATUS:
          serviceImpl.forceStatus((dev.onduty.v1.ForceStatusRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ForceStatusResponse>) responseObserver);
          break;
        case METHODID_BATCH_FORCE_STATUS:
          serviceImpl.batchForceStatus((dev.onduty.v1.BatchForceStatusRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.BatchForceStatusResponse>) responseObserver);
          break;
        case METHODID_RESET_STAFF:
          serviceImpl.resetStaff((dev.onduty.v1.ResetStaffRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ResetStaffResponse>) responseObserver);
          break;
        case METHODID_GET_STAFF_SUMMARY:
          serviceImpl.getStaffSummary((dev.onduty.v1.GetStaffSummaryRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.GetStaffSummaryResponse>) responseObserver);
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
          getForceStatusMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ForceStatusRequest,
              dev.onduty.v1.ForceStatusResponse>(
                service, METHODID_FORCE_STATUS)))
        .addMethod(
          getBatchForceStatusMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.BatchForceStatusRequest,
              dev.onduty.v1.BatchForceStatusResponse>(
                service, METHODID_BATCH_FORCE_STATUS)))
        .addMethod(
          getResetStaffMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ResetStaffRequest,
              dev.onduty.v1.ResetStaffResponse>(
                service, METHODID_RESET_STAFF)))
        .addMethod(
          getGetStaffSummaryMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.GetStaffSummaryRequest,
              dev.onduty.v1.GetStaffSummaryResponse>(
                service, METHODID_GET_STAFF_SUMMARY)))
        .build();
  }

  private static abstract class SupervisorServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    SupervisorServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.onduty.v1.SupervisorServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("SupervisorService");
    }
  }

  private static final class SupervisorServiceFileDescriptorSupplier
      extends SupervisorServiceBaseDescriptorSupplier {
    SupervisorServiceFileDescriptorSupplier() {}
  }

  private static final class SupervisorServiceMethodDescriptorSupplier
      extends SupervisorServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    SupervisorServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (SupervisorServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new SupervisorServiceFileDescriptorSupplier())
              .addMethod(getForceStatusMethod())
              .addMethod(getBatchForceStatusMethod())
              .addMethod(getResetStaffMethod())
              .addMethod(getGetStaffSummaryMethod())
              .build();
        }
      }
    }
    return result;
  }
}
