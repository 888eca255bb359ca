package dev.onduty.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * The past, as far as the policy's retention reaches.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class HistoryServiceGrpc {

  private HistoryServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "onduty.v1.HistoryService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ListTransitionsRequest,
      dev.onduty.v1.ListTransitionsResponse> getListTransitionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListTransitions",
      requestType = dev.onduty.v1.ListTransitionsRequest.class,
      responseType = dev.onduty.v1.ListTransitionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ListTransitionsRequest,
      dev.onduty.v1.ListTransitionsResponse> getListTransitionsMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ListTransitionsRequest, dev.onduty.v1.ListTransitionsResponse> getListTransitionsMethod;
    if ((getListTransitionsMethod = HistoryServiceGrpc.getListTransitionsMethod) == null) {
      synchronized (HistoryServiceGrpc.class) {
        if ((getListTransitionsMethod = HistoryServiceGrpc.getListTransitionsMethod) == null) {
          HistoryServiceGrpc.getListTransitionsMethod = getListTransitionsMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ListTransitionsRequest, dev.onduty.v1.ListTransitionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListTransitions"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ListTransitionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ListTransitionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new HistoryServiceMethodDescriptorSupplier("ListTransitions"))
              .build();
        }
      }
    }
    return getListTransitionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ExportTransitionsRequest,
      dev.onduty.v1.ExportTransitionsResponse> getExportTransitionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ExportTransitions",
      requestType = dev.onduty.v1.ExportTransitionsRequest.class,
      responseType = dev.onduty.v1.ExportTransitionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ExportTransitionsRequest,
      dev.onduty.v1.ExportTransitionsResponse> getExportTransitionsMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ExportTransitionsRequest, dev.onduty.v1.ExportTransitionsResponse> getExportTransitionsMethod;
    if ((getExportTransitionsMethod = HistoryServiceGrpc.getExportTransitionsMethod) == null) {
      synchronized (HistoryServiceGrpc.class) {
        if ((getExportTransitionsMethod = HistoryServiceGrpc.getExportTransitionsMethod) == null) {
          HistoryServiceGrpc.getExportTransitionsMethod = getExportTransitionsMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ExportTransitionsRequest, dev.onduty.v1.ExportTransitionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ExportTransitions"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ExportTransitionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ExportTransitionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new HistoryServiceMethodDescriptorSupplier("ExportTransitions"))
              .build();
        }
      }
    }
    return getExportTransitionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.SummarizeTimeRequest,
      dev.onduty.v1.SummarizeTimeResponse> getSummarizeTimeMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "SummarizeTime",
      requestType = dev.onduty.v1.SummarizeTimeRequest.class,
      responseType = dev.onduty.v1.SummarizeTimeResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.SummarizeTimeRequest,
      dev.onduty.v1.SummarizeTimeResponse> getSummarizeTimeMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.SummarizeTimeRequest, dev.onduty.v1.SummarizeTimeResponse> getSummarizeTimeMethod;
    if ((getSummarizeTimeMethod = HistoryServiceGrpc.getSummarizeTimeMethod) == null) {
      synchronized (HistoryServiceGrpc.class) {
        if ((getSummarizeTimeMethod = HistoryServiceGrpc.getSummarizeTimeMethod) == null) {
          HistoryServiceGrpc.getSummarizeTimeMethod = getSummarizeTimeMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.SummarizeTimeRequest, dev.onduty.v1.SummarizeTimeResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "SummarizeTime"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.SummarizeTimeRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.SummarizeTimeResponse.getDefaultInstance()))
              .setSchemaDescriptor(new HistoryServiceMethodDescriptorSupplier("SummarizeTime"))
              .build();
        }
      }
    }
    return getSummarizeTimeMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ListConfigurationChangesRequest,
      dev.onduty.v1.ListConfigurationChangesResponse> getListConfigurationChangesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListConfigurationChanges",
      requestType = dev.onduty.v1.ListConfigurationChangesRequest.class,
      responseType = dev.onduty.v1.ListConfigurationChangesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ListConfigurationChangesRequest,
      dev.onduty.v1.ListConfigurationChangesResponse> getListConfigurationChangesMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ListConfigurationChangesRequest, dev.onduty.v1.ListConfigurationChangesResponse> getListConfigurationChangesMethod;
    if ((getListConfigurationChangesMethod = HistoryServiceGrpc.getListConfigurationChangesMethod) == null) {
      synchronized (HistoryServiceGrpc.class) {
        if ((getListConfigurationChangesMethod = HistoryServiceGrpc.getListConfigurationChangesMethod) == null) {
          HistoryServiceGrpc.getListConfigurationChangesMethod = getListConfigurationChangesMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ListConfigurationChangesRequest, dev.onduty.v1.ListConfigurationChangesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListConfigurationChanges"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ListConfigurationChangesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ListConfigurationChangesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new HistoryServiceMethodDescriptorSupplier("ListConfigurationChanges"))
              .build();
        }
      }
    }
    return getListConfigurationChangesMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static HistoryServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<HistoryServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<HistoryServiceStub>() {
        @java.lang.Override
        public HistoryServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new HistoryServiceStub(channel, callOptions);
        }
      };
    return HistoryServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static HistoryServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<HistoryServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<HistoryServiceBlockingV2Stub>() {
        @java.lang.Override
        public HistoryServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new HistoryServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return HistoryServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static HistoryServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<HistoryServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<HistoryServiceBlockingStub>() {
        @java.lang.Override
        public HistoryServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new HistoryServiceBlockingStub(channel, callOptions);
        }
      };
    return HistoryServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static HistoryServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<HistoryServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<HistoryServiceFutureStub>() {
        @java.lang.Override
        public HistoryServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new HistoryServiceFutureStub(channel, callOptions);
        }
      };
    return HistoryServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * The past, as far as the policy's retention reaches.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Lists changes by revision, in pages. Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    default void listTransitions(dev.onduty.v1.ListTransitionsRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ListTransitionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListTransitionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streams every change that matches, by ascending revision, up to the present, and ends.
     * </pre>
     */
    default void exportTransitions(dev.onduty.v1.ExportTransitionsRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ExportTransitionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getExportTransitionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Sums what staff did within a period, a row for each person and, when asked, for each interval: time by status and break reason,
     * calls by direction, offers. Time in the present status counts up to the period's end or now. All pages show one revision.
     * Errors: PAGE_TOKEN_INVALID, also where what that revision needs has been forgotten meanwhile; POSITION_*.
     * </pre>
     */
    default void summarizeTime(dev.onduty.v1.SummarizeTimeRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.SummarizeTimeResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getSummarizeTimeMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists changes of the policy, of break reasons and of the directory: who, why and when. Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    default void listConfigurationChanges(dev.onduty.v1.ListConfigurationChangesRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ListConfigurationChangesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListConfigurationChangesMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service HistoryService.
   * <pre>
   * The past, as far as the policy's retention reaches.
   * </pre>
   */
  public static abstract class HistoryServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return HistoryServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service HistoryService.
   * <pre>
   * The past, as far as the policy's retention reaches.
   * </pre>
   */
  public static final class HistoryServiceStub
      extends io.grpc.stub.AbstractAsyncStub<HistoryServiceStub> {
    private HistoryServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected HistoryServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new HistoryServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists changes by revision, in pages. Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public void listTransitions(dev.onduty.v1.ListTransitionsRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ListTransitionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListTransitionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streams every change that matches, by ascending revision, up to the present, and ends.
     * </pre>
     */
    public void exportTransitions(dev.onduty.v1.ExportTransitionsRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ExportTransitionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getExportTransitionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Sums what staff did within a period, a row for each person and, when asked, for each interval: time by status and break reason,
     * calls by direction, offers. Time in the present status counts up to the period's end or now. All pages show one revision.
     * Errors: PAGE_TOKEN_INVALID, also where what that revision needs has been forgotten meanwhile; POSITION_*.
     * </pre>
     */
    public void summarizeTime(dev.onduty.v1.SummarizeTimeRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.SummarizeTimeResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getSummarizeTimeMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists changes of the policy, of break reasons and of the directory: who, why and when. Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public void listConfigurationChanges(dev.onduty.v1.ListConfigurationChangesRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ListConfigurationChangesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListConfigurationChangesMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service HistoryService.
   * <pre>
   * The past, as far as the policy's retention reaches.
   * </pre>
   */
  public static final class HistoryServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<HistoryServiceBlockingV2Stub> {
    private HistoryServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected HistoryServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new HistoryServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists changes by revision, in pages. Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.ListTransitionsResponse listTransitions(dev.onduty.v1.ListTransitionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListTransitionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams every change that matches, by ascending revision, up to the present, and ends.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.onduty.v1.ExportTransitionsResponse>
        exportTransitions(dev.onduty.v1.ExportTransitionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getExportTransitionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Sums what staff did within a period, a row for each person and, when asked, for each interval: time by status and break reason,
     * calls by direction, offers. Time in the present status counts up to the period's end or now. All pages show one revision.
     * Errors: PAGE_TOKEN_INVALID, also where what that revision needs has been forgotten meanwhile; POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.SummarizeTimeResponse summarizeTime(dev.onduty.v1.SummarizeTimeRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getSummarizeTimeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists changes of the policy, of break reasons and of the directory: who, why and when. Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.ListConfigurationChangesResponse listConfigurationChanges(dev.onduty.v1.ListConfigurationChangesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListConfigurationChangesMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service HistoryService.
   * <pre>
   * The past, as far as the policy's retention reaches.
   * </pre>
   */
  public static final class HistoryServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<HistoryServiceBlockingStub> {
    private HistoryServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected HistoryServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new HistoryServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists changes by revision, in pages. Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.ListTransitionsResponse listTransitions(dev.onduty.v1.ListTransitionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListTransitionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams every change that matches, by ascending revision, up to the present, and ends.
     * </pre>
     */
    public java.util.Iterator<dev.onduty.v1.ExportTransitionsResponse> exportTransitions(
        dev.onduty.v1.ExportTransitionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getExportTransitionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Sums what staff did within a period, a row for each person and, when asked, for each interval: time by status and break reason,
     * calls by direction, offers. Time in the present status counts up to the period's end or now. All pages show one revision.
     * Errors: PAGE_TOKEN_INVALID, also where what that revision needs has been forgotten meanwhile; POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.SummarizeTimeResponse summarizeTime(dev.onduty.v1.SummarizeTimeRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getSummarizeTimeMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists changes of the policy, of break reasons and of the directory: who, why and when. Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.ListConfigurationChangesResponse listConfigurationChanges(dev.onduty.v1.ListConfigurationChangesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListConfigurationChangesMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service HistoryService.
   * <pre>
   * The past, as far as the policy's retention reaches.
   * </pre>
   */
  public static final class HistoryServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<HistoryServiceFutureStub> {
    private HistoryServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected HistoryServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new HistoryServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Lists changes by revision, in pages. Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ListTransitionsResponse> listTransitions(
        dev.onduty.v1.ListTransitionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListTransitionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Sums what staff did within a period, a row for each person and, when asked, for each interval: time by status and break reason,
     * calls by direction, offers. Time in the present status counts up to the period's end or now. All pages show one revision.
     * Errors: PAGE_TOKEN_INVALID, also where what that revision needs has been forgotten meanwhile; POSITION_*.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.SummarizeTimeResponse> summarizeTime(
        dev.onduty.v1.SummarizeTimeRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getSummarizeTimeMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists changes of the policy, of break reasons and of the directory: who, why and when. Errors: PAGE_TOKEN_INVALID, POSITION_*.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ListConfigurationChangesResponse> listConfigurationChanges(
        dev.onduty.v1.ListConfigurationChangesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListConfigurationChangesMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_TRANSITIONS = 0;
  private static final int METHODID_EXPORT_TRANSITIONS = 1;
  private static final int METHODID_SUMMARIZE_TIME = 2;
  private static final int METHODID_LIST_CONFIGURATION_CHANGES = 3;

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
        case METHODID_LIST_TRANSITIONS:
          serviceImpl.listTransitions((dev.onduty.v1.ListTransitionsRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ListTransitionsResponse>) responseObserver);
          break;
        case METHODID_EXPORT_TRANSITIONS:
          serviceImpl.exportTransitions((dev.onduty.v1.ExportTransitionsRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ExportTransitionsResponse>) responseObserver);
          break;
        case METHODID_SUMMARIZE_TIME:
          serviceImpl.summarizeTime((dev.onduty.v1.SummarizeTimeRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.SummarizeTimeResponse>) responseObserver);
          break;
        case METHODID_LIST_CONFIGURATION_CHANGES:
          serviceImpl.listConfigurationChanges((dev.onduty.v1.ListConfigurationChangesRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ListConfigurationChangesResponse>) responseObserver);
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
          getListTransitionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ListTransitionsRequest,
              dev.onduty.v1.ListTransitionsResponse>(
                service, METHODID_LIST_TRANSITIONS)))
        .addMethod(
          getExportTransitionsMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.onduty.v1.ExportTransitionsRequest,
              dev.onduty.v1.ExportTransitionsResponse>(
                service, METHODID_EXPORT_TRANSITIONS)))
        .addMethod(
          getSummarizeTimeMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.SummarizeTimeRequest,
              dev.onduty.v1.SummarizeTimeResponse>(
                service, METHODID_SUMMARIZE_TIME)))
        .addMethod(
          getListConfigurationChangesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ListConfigurationChangesRequest,
              dev.onduty.v1.ListConfigurationChangesResponse>(
                service, METHODID_LIST_CONFIGURATION_CHANGES)))
        .build();
  }

  private static abstract class HistoryServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    HistoryServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.onduty.v1.HistoryServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("HistoryService");
    }
  }

  private static final class HistoryServiceFileDescriptorSupplier
      extends HistoryServiceBaseDescriptorSupplier {
    HistoryServiceFileDescriptorSupplier() {}
  }

  private static final class HistoryServiceMethodDescriptorSupplier
      extends HistoryServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    HistoryServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (HistoryServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new HistoryServiceFileDescriptorSupplier())
              .addMethod(getListTransitionsMethod())
              .addMethod(getExportTransitionsMethod())
              .addMethod(getSummarizeTimeMethod())
              .addMethod(getListConfigurationChangesMethod())
              .build();
        }
      }
    }
    return result;
  }
}
