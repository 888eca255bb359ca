package dev.onduty.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * One staff member's side. A caller with the workspace role reaches its own staff id only.
 * Refused requests change nothing and answer FAILED_PRECONDITION with a TransitionRefusal.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class WorkspaceServiceGrpc {

  private WorkspaceServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "onduty.v1.WorkspaceService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.GetStaffRequest,
      dev.onduty.v1.GetStaffResponse> getGetStaffMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetStaff",
      requestType = dev.onduty.v1.GetStaffRequest.class,
      responseType = dev.onduty.v1.GetStaffResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.GetStaffRequest,
      dev.onduty.v1.GetStaffResponse> getGetStaffMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.GetStaffRequest, dev.onduty.v1.GetStaffResponse> getGetStaffMethod;
    if ((getGetStaffMethod = WorkspaceServiceGrpc.getGetStaffMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getGetStaffMethod = WorkspaceServiceGrpc.getGetStaffMethod) == null) {
          WorkspaceServiceGrpc.getGetStaffMethod = getGetStaffMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.GetStaffRequest, dev.onduty.v1.GetStaffResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetStaff"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.GetStaffRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.GetStaffResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("GetStaff"))
              .build();
        }
      }
    }
    return getGetStaffMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ChangeStatusRequest,
      dev.onduty.v1.ChangeStatusResponse> getChangeStatusMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ChangeStatus",
      requestType = dev.onduty.v1.ChangeStatusRequest.class,
      responseType = dev.onduty.v1.ChangeStatusResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ChangeStatusRequest,
      dev.onduty.v1.ChangeStatusResponse> getChangeStatusMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ChangeStatusRequest, dev.onduty.v1.ChangeStatusResponse> getChangeStatusMethod;
    if ((getChangeStatusMethod = WorkspaceServiceGrpc.getChangeStatusMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getChangeStatusMethod = WorkspaceServiceGrpc.getChangeStatusMethod) == null) {
          WorkspaceServiceGrpc.getChangeStatusMethod = getChangeStatusMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ChangeStatusRequest, dev.onduty.v1.ChangeStatusResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ChangeStatus"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ChangeStatusRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ChangeStatusResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("ChangeStatus"))
              .build();
        }
      }
    }
    return getChangeStatusMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.BackToReceptionRequest,
      dev.onduty.v1.BackToReceptionResponse> getBackToReceptionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BackToReception",
      requestType = dev.onduty.v1.BackToReceptionRequest.class,
      responseType = dev.onduty.v1.BackToReceptionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.BackToReceptionRequest,
      dev.onduty.v1.BackToReceptionResponse> getBackToReceptionMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.BackToReceptionRequest, dev.onduty.v1.BackToReceptionResponse> getBackToReceptionMethod;
    if ((getBackToReceptionMethod = WorkspaceServiceGrpc.getBackToReceptionMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getBackToReceptionMethod = WorkspaceServiceGrpc.getBackToReceptionMethod) == null) {
          WorkspaceServiceGrpc.getBackToReceptionMethod = getBackToReceptionMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.BackToReceptionRequest, dev.onduty.v1.BackToReceptionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BackToReception"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.BackToReceptionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.BackToReceptionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("BackToReception"))
              .build();
        }
      }
    }
    return getBackToReceptionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ContinueAfterCallWorkRequest,
      dev.onduty.v1.ContinueAfterCallWorkResponse> getContinueAfterCallWorkMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ContinueAfterCallWork",
      requestType = dev.onduty.v1.ContinueAfterCallWorkRequest.class,
      responseType = dev.onduty.v1.ContinueAfterCallWorkResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ContinueAfterCallWorkRequest,
      dev.onduty.v1.ContinueAfterCallWorkResponse> getContinueAfterCallWorkMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ContinueAfterCallWorkRequest, dev.onduty.v1.ContinueAfterCallWorkResponse> getContinueAfterCallWorkMethod;
    if ((getContinueAfterCallWorkMethod = WorkspaceServiceGrpc.getContinueAfterCallWorkMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getContinueAfterCallWorkMethod = WorkspaceServiceGrpc.getContinueAfterCallWorkMethod) == null) {
          WorkspaceServiceGrpc.getContinueAfterCallWorkMethod = getContinueAfterCallWorkMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ContinueAfterCallWorkRequest, dev.onduty.v1.ContinueAfterCallWorkResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ContinueAfterCallWork"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ContinueAfterCallWorkRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ContinueAfterCallWorkResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("ContinueAfterCallWork"))
              .build();
        }
      }
    }
    return getContinueAfterCallWorkMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.SetNextStatusRequest,
      dev.onduty.v1.SetNextStatusResponse> getSetNextStatusMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "SetNextStatus",
      requestType = dev.onduty.v1.SetNextStatusRequest.class,
      responseType = dev.onduty.v1.SetNextStatusResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.SetNextStatusRequest,
      dev.onduty.v1.SetNextStatusResponse> getSetNextStatusMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.SetNextStatusRequest, dev.onduty.v1.SetNextStatusResponse> getSetNextStatusMethod;
    if ((getSetNextStatusMethod = WorkspaceServiceGrpc.getSetNextStatusMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getSetNextStatusMethod = WorkspaceServiceGrpc.getSetNextStatusMethod) == null) {
          WorkspaceServiceGrpc.getSetNextStatusMethod = getSetNextStatusMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.SetNextStatusRequest, dev.onduty.v1.SetNextStatusResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "SetNextStatus"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.SetNextStatusRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.SetNextStatusResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("SetNextStatus"))
              .build();
        }
      }
    }
    return getSetNextStatusMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ClearNextStatusRequest,
      dev.onduty.v1.ClearNextStatusResponse> getClearNextStatusMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ClearNextStatus",
      requestType = dev.onduty.v1.ClearNextStatusRequest.class,
      responseType = dev.onduty.v1.ClearNextStatusResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ClearNextStatusRequest,
      dev.onduty.v1.ClearNextStatusResponse> getClearNextStatusMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ClearNextStatusRequest, dev.onduty.v1.ClearNextStatusResponse> getClearNextStatusMethod;
    if ((getClearNextStatusMethod = WorkspaceServiceGrpc.getClearNextStatusMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getClearNextStatusMethod = WorkspaceServiceGrpc.getClearNextStatusMethod) == null) {
          WorkspaceServiceGrpc.getClearNextStatusMethod = getClearNextStatusMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ClearNextStatusRequest, dev.onduty.v1.ClearNextStatusResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ClearNextStatus"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ClearNextStatusRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ClearNextStatusResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("ClearNextStatus"))
              .build();
        }
      }
    }
    return getClearNextStatusMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.PlaceCallRequest,
      dev.onduty.v1.PlaceCallResponse> getPlaceCallMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PlaceCall",
      requestType = dev.onduty.v1.PlaceCallRequest.class,
      responseType = dev.onduty.v1.PlaceCallResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.PlaceCallRequest,
      dev.onduty.v1.PlaceCallResponse> getPlaceCallMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.PlaceCallRequest, dev.onduty.v1.PlaceCallResponse> getPlaceCallMethod;
    if ((getPlaceCallMethod = WorkspaceServiceGrpc.getPlaceCallMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getPlaceCallMethod = WorkspaceServiceGrpc.getPlaceCallMethod) == null) {
          WorkspaceServiceGrpc.getPlaceCallMethod = getPlaceCallMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.PlaceCallRequest, dev.onduty.v1.PlaceCallResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PlaceCall"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.PlaceCallRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.PlaceCallResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("PlaceCall"))
              .build();
        }
      }
    }
    return getPlaceCallMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.AcceptOfferRequest,
      dev.onduty.v1.AcceptOfferResponse> getAcceptOfferMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "AcceptOffer",
      requestType = dev.onduty.v1.AcceptOfferRequest.class,
      responseType = dev.onduty.v1.AcceptOfferResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.AcceptOfferRequest,
      dev.onduty.v1.AcceptOfferResponse> getAcceptOfferMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.AcceptOfferRequest, dev.onduty.v1.AcceptOfferResponse> getAcceptOfferMethod;
    if ((getAcceptOfferMethod = WorkspaceServiceGrpc.getAcceptOfferMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getAcceptOfferMethod = WorkspaceServiceGrpc.getAcceptOfferMethod) == null) {
          WorkspaceServiceGrpc.getAcceptOfferMethod = getAcceptOfferMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.AcceptOfferRequest, dev.onduty.v1.AcceptOfferResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "AcceptOffer"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.AcceptOfferRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.AcceptOfferResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("AcceptOffer"))
              .build();
        }
      }
    }
    return getAcceptOfferMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.DeclineOfferRequest,
      dev.onduty.v1.DeclineOfferResponse> getDeclineOfferMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeclineOffer",
      requestType = dev.onduty.v1.DeclineOfferRequest.class,
      responseType = dev.onduty.v1.DeclineOfferResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.DeclineOfferRequest,
      dev.onduty.v1.DeclineOfferResponse> getDeclineOfferMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.DeclineOfferRequest, dev.onduty.v1.DeclineOfferResponse> getDeclineOfferMethod;
    if ((getDeclineOfferMethod = WorkspaceServiceGrpc.getDeclineOfferMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getDeclineOfferMethod = WorkspaceServiceGrpc.getDeclineOfferMethod) == null) {
          WorkspaceServiceGrpc.getDeclineOfferMethod = getDeclineOfferMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.DeclineOfferRequest, dev.onduty.v1.DeclineOfferResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeclineOffer"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.DeclineOfferRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.DeclineOfferResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("DeclineOffer"))
              .build();
        }
      }
    }
    return getDeclineOfferMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.ListBreakReasonsRequest,
      dev.onduty.v1.ListBreakReasonsResponse> getListBreakReasonsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListBreakReasons",
      requestType = dev.onduty.v1.ListBreakReasonsRequest.class,
      responseType = dev.onduty.v1.ListBreakReasonsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.ListBreakReasonsRequest,
      dev.onduty.v1.ListBreakReasonsResponse> getListBreakReasonsMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.ListBreakReasonsRequest, dev.onduty.v1.ListBreakReasonsResponse> getListBreakReasonsMethod;
    if ((getListBreakReasonsMethod = WorkspaceServiceGrpc.getListBreakReasonsMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getListBreakReasonsMethod = WorkspaceServiceGrpc.getListBreakReasonsMethod) == null) {
          WorkspaceServiceGrpc.getListBreakReasonsMethod = getListBreakReasonsMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.ListBreakReasonsRequest, dev.onduty.v1.ListBreakReasonsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListBreakReasons"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ListBreakReasonsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.ListBreakReasonsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("ListBreakReasons"))
              .build();
        }
      }
    }
    return getListBreakReasonsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.AttachRequest,
      dev.onduty.v1.AttachResponse> getAttachMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "Attach",
      requestType = dev.onduty.v1.AttachRequest.class,
      responseType = dev.onduty.v1.AttachResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.AttachRequest,
      dev.onduty.v1.AttachResponse> getAttachMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.AttachRequest, dev.onduty.v1.AttachResponse> getAttachMethod;
    if ((getAttachMethod = WorkspaceServiceGrpc.getAttachMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getAttachMethod = WorkspaceServiceGrpc.getAttachMethod) == null) {
          WorkspaceServiceGrpc.getAttachMethod = getAttachMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.AttachRequest, dev.onduty.v1.AttachResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "Attach"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.AttachRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.AttachResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("Attach"))
              .build();
        }
      }
    }
    return getAttachMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.onduty.v1.WatchColleaguesRequest,
      dev.onduty.v1.WatchColleaguesResponse> getWatchColleaguesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchColleagues",
      requestType = dev.onduty.v1.WatchColleaguesRequest.class,
      responseType = dev.onduty.v1.WatchColleaguesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.onduty.v1.WatchColleaguesRequest,
      dev.onduty.v1.WatchColleaguesResponse> getWatchColleaguesMethod() {
    io.grpc.MethodDescriptor<dev.onduty.v1.WatchColleaguesRequest, dev.onduty.v1.WatchColleaguesResponse> getWatchColleaguesMethod;
    if ((getWatchColleaguesMethod = WorkspaceServiceGrpc.getWatchColleaguesMethod) == null) {
      synchronized (WorkspaceServiceGrpc.class) {
        if ((getWatchColleaguesMethod = WorkspaceServiceGrpc.getWatchColleaguesMethod) == null) {
          WorkspaceServiceGrpc.getWatchColleaguesMethod = getWatchColleaguesMethod =
              io.grpc.MethodDescriptor.<dev.onduty.v1.WatchColleaguesRequest, dev.onduty.v1.WatchColleaguesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchColleagues"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.WatchColleaguesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.onduty.v1.WatchColleaguesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new WorkspaceServiceMethodDescriptorSupplier("WatchColleagues"))
              .build();
        }
      }
    }
    return getWatchColleaguesMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static WorkspaceServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<WorkspaceServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<WorkspaceServiceStub>() {
        @java.lang.Override
        public WorkspaceServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new WorkspaceServiceStub(channel, callOptions);
        }
      };
    return WorkspaceServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static WorkspaceServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<WorkspaceServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<WorkspaceServiceBlockingV2Stub>() {
        @java.lang.Override
        public WorkspaceServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new WorkspaceServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return WorkspaceServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static WorkspaceServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<WorkspaceServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<WorkspaceServiceBlockingStub>() {
        @java.lang.Override
        public WorkspaceServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new WorkspaceServiceBlockingStub(channel, callOptions);
        }
      };
    return WorkspaceServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static WorkspaceServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<WorkspaceServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<WorkspaceServiceFutureStub>() {
        @java.lang.Override
        public WorkspaceServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new WorkspaceServiceFutureStub(channel, callOptions);
        }
      };
    return WorkspaceServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * One staff member's side. A caller with the workspace role reaches its own staff id only.
   * Refused requests change nothing and answer FAILED_PRECONDITION with a TransitionRefusal.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Reads one staff member's state. Errors: STAFF_UNKNOWN, POSITION_*.
     * </pre>
     */
    default void getStaff(dev.onduty.v1.GetStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.GetStaffResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetStaffMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes the chosen status: signs in, signs out, goes on break. Refused in a call, and for statuses that only the system
     * sets. Choosing what is already chosen answers OK and makes no new revision. In after-call work it ends the wrap-up.
     * Errors: STAFF_UNKNOWN, TRANSITION_REFUSED, BREAK_REASON_UNKNOWN, BREAK_REASON_DISABLED, REVISION_MISMATCH.
     * </pre>
     */
    default void changeStatus(dev.onduty.v1.ChangeStatusRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ChangeStatusResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getChangeStatusMethod(), responseObserver);
    }

    /**
     * <pre>
     * Ends after-call work at once, to AVAILABLE, and clears a next choice. Refused in every other status.
     * </pre>
     */
    default void backToReception(dev.onduty.v1.BackToReceptionRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.BackToReceptionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBackToReceptionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Stops the wrap-up countdown; the status stays AFTER_CALL_WORK until the staff member ends it, or the policy's cap does.
     * Refused in every other status.
     * </pre>
     */
    default void continueAfterCallWork(dev.onduty.v1.ContinueAfterCallWorkRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ContinueAfterCallWorkResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getContinueAfterCallWorkMethod(), responseObserver);
    }

    /**
     * <pre>
     * Sets the choice that applies when the call and its wrap-up are over. Allowed in a call and in after-call work.
     * </pre>
     */
    default void setNextStatus(dev.onduty.v1.SetNextStatusRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.SetNextStatusResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getSetNextStatusMethod(), responseObserver);
    }

    /**
     * <pre>
     * Takes the next choice back. Allowed in a call and in after-call work.
     * </pre>
     */
    default void clearNextStatus(dev.onduty.v1.ClearNextStatusRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ClearNextStatusResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getClearNextStatusMethod(), responseObserver);
    }

    /**
     * <pre>
     * Places a call by hand: the staff member is in line at once. Refused OFFLINE, in a call, and where the policy bars it in
     * after-call work. An outstanding offer is withdrawn.
     * </pre>
     */
    default void placeCall(dev.onduty.v1.PlaceCallRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.PlaceCallResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPlaceCallMethod(), responseObserver);
    }

    /**
     * <pre>
     * Accepts the outstanding offer: the staff member is in line. Errors: OFFER_GONE.
     * </pre>
     */
    default void acceptOffer(dev.onduty.v1.AcceptOfferRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.AcceptOfferResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getAcceptOfferMethod(), responseObserver);
    }

    /**
     * <pre>
     * Declines the outstanding offer: it counts as a miss. Errors: OFFER_GONE.
     * </pre>
     */
    default void declineOffer(dev.onduty.v1.DeclineOfferRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.DeclineOfferResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeclineOfferMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists the tenant's break reasons, by code.
     * </pre>
     */
    default void listBreakReasons(dev.onduty.v1.ListBreakReasonsRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ListBreakReasonsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListBreakReasonsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Attaches a workspace for as long as the stream lives: the own state now, then every change of it. When the last attached
     * workspace of a signed-in staff member ends or goes silent, the policy's grace runs and then the choice becomes OFFLINE.
     * Attaching again within the grace cancels that. A workspace that attaches with an id of its own takes the place of its older
     * stream. Errors: STAFF_UNKNOWN, ATTACHMENT_QUOTA (at most 16 workspaces a staff member), ATTACHMENT_REPLACED, DRAINING.
     * </pre>
     */
    default void attach(dev.onduty.v1.AttachRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.AttachResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getAttachMethod(), responseObserver);
    }

    /**
     * <pre>
     * Watches colleagues, as the policy lets staff see them: nobody, those of the own skill groups, or all. The stream begins with
     * a snapshot and keeps WatchStaff's promises for DELIVERY_LATEST_PER_STAFF. It ends with going_away when the policy or the own
     * skill groups change: begin afresh. Errors: STAFF_UNKNOWN, COLLEAGUES_HIDDEN, POSITION_*, WATCH_QUOTA, DRAINING.
     * </pre>
     */
    default void watchColleagues(dev.onduty.v1.WatchColleaguesRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.WatchColleaguesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchColleaguesMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service WorkspaceService.
   * <pre>
   * One staff member's side. A caller with the workspace role reaches its own staff id only.
   * Refused requests change nothing and answer FAILED_PRECONDITION with a TransitionRefusal.
   * </pre>
   */
  public static abstract class WorkspaceServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return WorkspaceServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service WorkspaceService.
   * <pre>
   * One staff member's side. A caller with the workspace role reaches its own staff id only.
   * Refused requests change nothing and answer FAILED_PRECONDITION with a TransitionRefusal.
   * </pre>
   */
  public static final class WorkspaceServiceStub
      extends io.grpc.stub.AbstractAsyncStub<WorkspaceServiceStub> {
    private WorkspaceServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected WorkspaceServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new WorkspaceServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Reads one staff member's state. Errors: STAFF_UNKNOWN, POSITION_*.
     * </pre>
     */
    public void getStaff(dev.onduty.v1.GetStaffRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.GetStaffResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetStaffMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes the chosen status: signs in, signs out, goes on break. Refused in a call, and for statuses that only the system
     * sets. Choosing what is already chosen answers OK and makes no new revision. In after-call work it ends the wrap-up.
     * Errors: STAFF_UNKNOWN, TRANSITION_REFUSED, BREAK_REASON_UNKNOWN, BREAK_REASON_DISABLED, REVISION_MISMATCH.
     * </pre>
     */
    public void changeStatus(dev.onduty.v1.ChangeStatusRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ChangeStatusResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getChangeStatusMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Ends after-call work at once, to AVAILABLE, and clears a next choice. Refused in every other status.
     * </pre>
     */
    public void backToReception(dev.onduty.v1.BackToReceptionRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.BackToReceptionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBackToReceptionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Stops the wrap-up countdown; the status stays AFTER_CALL_WORK until the staff member ends it, or the policy's cap does.
     * Refused in every other status.
     * </pre>
     */
    public void continueAfterCallWork(dev.onduty.v1.ContinueAfterCallWorkRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ContinueAfterCallWorkResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getContinueAfterCallWorkMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Sets the choice that applies when the call and its wrap-up are over. Allowed in a call and in after-call work.
     * </pre>
     */
    public void setNextStatus(dev.onduty.v1.SetNextStatusRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.SetNextStatusResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getSetNextStatusMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Takes the next choice back. Allowed in a call and in after-call work.
     * </pre>
     */
    public void clearNextStatus(dev.onduty.v1.ClearNextStatusRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ClearNextStatusResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getClearNextStatusMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Places a call by hand: the staff member is in line at once. Refused OFFLINE, in a call, and where the policy bars it in
     * after-call work. An outstanding offer is withdrawn.
     * </pre>
     */
    public void placeCall(dev.onduty.v1.PlaceCallRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.PlaceCallResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPlaceCallMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Accepts the outstanding offer: the staff member is in line. Errors: OFFER_GONE.
     * </pre>
     */
    public void acceptOffer(dev.onduty.v1.AcceptOfferRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.AcceptOfferResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getAcceptOfferMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Declines the outstanding offer: it counts as a miss. Errors: OFFER_GONE.
     * </pre>
     */
    public void declineOffer(dev.onduty.v1.DeclineOfferRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.DeclineOfferResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeclineOfferMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists the tenant's break reasons, by code.
     * </pre>
     */
    public void listBreakReasons(dev.onduty.v1.ListBreakReasonsRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.ListBreakReasonsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListBreakReasonsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Attaches a workspace for as long as the stream lives: the own state now, then every change of it. When the last attached
     * workspace of a signed-in staff member ends or goes silent, the policy's grace runs and then the choice becomes OFFLINE.
     * Attaching again within the grace cancels that. A workspace that attaches with an id of its own takes the place of its older
     * stream. Errors: STAFF_UNKNOWN, ATTACHMENT_QUOTA (at most 16 workspaces a staff member), ATTACHMENT_REPLACED, DRAINING.
     * </pre>
     */
    public void attach(dev.onduty.v1.AttachRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.AttachResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getAttachMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Watches colleagues, as the policy lets staff see them: nobody, those of the own skill groups, or all. The stream begins with
     * a snapshot and keeps WatchStaff's promises for DELIVERY_LATEST_PER_STAFF. It ends with going_away when the policy or the own
     * skill groups change: begin afresh. Errors: STAFF_UNKNOWN, COLLEAGUES_HIDDEN, POSITION_*, WATCH_QUOTA, DRAINING.
     * </pre>
     */
    public void watchColleagues(dev.onduty.v1.WatchColleaguesRequest request,
        io.grpc.stub.StreamObserver<dev.onduty.v1.WatchColleaguesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchColleaguesMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service WorkspaceService.
   * <pre>
   * One staff member's side. A caller with the workspace role reaches its own staff id only.
   * Refused requests change nothing and answer FAILED_PRECONDITION with a TransitionRefusal.
   * </pre>
   */
  public static final class WorkspaceServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<WorkspaceServiceBlockingV2Stub> {
    private WorkspaceServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected WorkspaceServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new WorkspaceServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Reads one staff member's state. Errors: STAFF_UNKNOWN, POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.GetStaffResponse getStaff(dev.onduty.v1.GetStaffRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the chosen status: signs in, signs out, goes on break. Refused in a call, and for statuses that only the system
     * sets. Choosing what is already chosen answers OK and makes no new revision. In after-call work it ends the wrap-up.
     * Errors: STAFF_UNKNOWN, TRANSITION_REFUSED, BREAK_REASON_UNKNOWN, BREAK_REASON_DISABLED, REVISION_MISMATCH.
     * </pre>
     */
    public dev.onduty.v1.ChangeStatusResponse changeStatus(dev.onduty.v1.ChangeStatusRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getChangeStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ends after-call work at once, to AVAILABLE, and clears a next choice. Refused in every other status.
     * </pre>
     */
    public dev.onduty.v1.BackToReceptionResponse backToReception(dev.onduty.v1.BackToReceptionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBackToReceptionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Stops the wrap-up countdown; the status stays AFTER_CALL_WORK until the staff member ends it, or the policy's cap does.
     * Refused in every other status.
     * </pre>
     */
    public dev.onduty.v1.ContinueAfterCallWorkResponse continueAfterCallWork(dev.onduty.v1.ContinueAfterCallWorkRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getContinueAfterCallWorkMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Sets the choice that applies when the call and its wrap-up are over. Allowed in a call and in after-call work.
     * </pre>
     */
    public dev.onduty.v1.SetNextStatusResponse setNextStatus(dev.onduty.v1.SetNextStatusRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getSetNextStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Takes the next choice back. Allowed in a call and in after-call work.
     * </pre>
     */
    public dev.onduty.v1.ClearNextStatusResponse clearNextStatus(dev.onduty.v1.ClearNextStatusRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getClearNextStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Places a call by hand: the staff member is in line at once. Refused OFFLINE, in a call, and where the policy bars it in
     * after-call work. An outstanding offer is withdrawn.
     * </pre>
     */
    public dev.onduty.v1.PlaceCallResponse placeCall(dev.onduty.v1.PlaceCallRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPlaceCallMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Accepts the outstanding offer: the staff member is in line. Errors: OFFER_GONE.
     * </pre>
     */
    public dev.onduty.v1.AcceptOfferResponse acceptOffer(dev.onduty.v1.AcceptOfferRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getAcceptOfferMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Declines the outstanding offer: it counts as a miss. Errors: OFFER_GONE.
     * </pre>
     */
    public dev.onduty.v1.DeclineOfferResponse declineOffer(dev.onduty.v1.DeclineOfferRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeclineOfferMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the tenant's break reasons, by code.
     * </pre>
     */
    public dev.onduty.v1.ListBreakReasonsResponse listBreakReasons(dev.onduty.v1.ListBreakReasonsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListBreakReasonsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Attaches a workspace for as long as the stream lives: the own state now, then every change of it. When the last attached
     * workspace of a signed-in staff member ends or goes silent, the policy's grace runs and then the choice becomes OFFLINE.
     * Attaching again within the grace cancels that. A workspace that attaches with an id of its own takes the place of its older
     * stream. Errors: STAFF_UNKNOWN, ATTACHMENT_QUOTA (at most 16 workspaces a staff member), ATTACHMENT_REPLACED, DRAINING.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.onduty.v1.AttachResponse>
        attach(dev.onduty.v1.AttachRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getAttachMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Watches colleagues, as the policy lets staff see them: nobody, those of the own skill groups, or all. The stream begins with
     * a snapshot and keeps WatchStaff's promises for DELIVERY_LATEST_PER_STAFF. It ends with going_away when the policy or the own
     * skill groups change: begin afresh. Errors: STAFF_UNKNOWN, COLLEAGUES_HIDDEN, POSITION_*, WATCH_QUOTA, DRAINING.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.onduty.v1.WatchColleaguesResponse>
        watchColleagues(dev.onduty.v1.WatchColleaguesRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getWatchColleaguesMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service WorkspaceService.
   * <pre>
   * One staff member's side. A caller with the workspace role reaches its own staff id only.
   * Refused requests change nothing and answer FAILED_PRECONDITION with a TransitionRefusal.
   * </pre>
   */
  public static final class WorkspaceServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<WorkspaceServiceBlockingStub> {
    private WorkspaceServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected WorkspaceServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new WorkspaceServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Reads one staff member's state. Errors: STAFF_UNKNOWN, POSITION_*.
     * </pre>
     */
    public dev.onduty.v1.GetStaffResponse getStaff(dev.onduty.v1.GetStaffRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetStaffMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the chosen status: signs in, signs out, goes on break. Refused in a call, and for statuses that only the system
     * sets. Choosing what is already chosen answers OK and makes no new revision. In after-call work it ends the wrap-up.
     * Errors: STAFF_UNKNOWN, TRANSITION_REFUSED, BREAK_REASON_UNKNOWN, BREAK_REASON_DISABLED, REVISION_MISMATCH.
     * </pre>
     */
    public dev.onduty.v1.ChangeStatusResponse changeStatus(dev.onduty.v1.ChangeStatusRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getChangeStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Ends after-call work at once, to AVAILABLE, and clears a next choice. Refused in every other status.
     * </pre>
     */
    public dev.onduty.v1.BackToReceptionResponse backToReception(dev.onduty.v1.BackToReceptionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBackToReceptionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Stops the wrap-up countdown; the status stays AFTER_CALL_WORK until the staff member ends it, or the policy's cap does.
     * Refused in every other status.
     * </pre>
     */
    public dev.onduty.v1.ContinueAfterCallWorkResponse continueAfterCallWork(dev.onduty.v1.ContinueAfterCallWorkRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getContinueAfterCallWorkMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Sets the choice that applies when the call and its wrap-up are over. Allowed in a call and in after-call work.
     * </pre>
     */
    public dev.onduty.v1.SetNextStatusResponse setNextStatus(dev.onduty.v1.SetNextStatusRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getSetNextStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Takes the next choice back. Allowed in a call and in after-call work.
     * </pre>
     */
    public dev.onduty.v1.ClearNextStatusResponse clearNextStatus(dev.onduty.v1.ClearNextStatusRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getClearNextStatusMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Places a call by hand: the staff member is in line at once. Refused OFFLINE, in a call, and where the policy bars it in
     * after-call work. An outstanding offer is withdrawn.
     * </pre>
     */
    public dev.onduty.v1.PlaceCallResponse placeCall(dev.onduty.v1.PlaceCallRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPlaceCallMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Accepts the outstanding offer: the staff member is in line. Errors: OFFER_GONE.
     * </pre>
     */
    public dev.onduty.v1.AcceptOfferResponse acceptOffer(dev.onduty.v1.AcceptOfferRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getAcceptOfferMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Declines the outstanding offer: it counts as a miss. Errors: OFFER_GONE.
     * </pre>
     */
    public dev.onduty.v1.DeclineOfferResponse declineOffer(dev.onduty.v1.DeclineOfferRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeclineOfferMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists the tenant's break reasons, by code.
     * </pre>
     */
    public dev.onduty.v1.ListBreakReasonsResponse listBreakReasons(dev.onduty.v1.ListBreakReasonsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListBreakReasonsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Attaches a workspace for as long as the stream lives: the own state now, then every change of it. When the last attached
     * workspace of a signed-in staff member ends or goes silent, the policy's grace runs and then the choice becomes OFFLINE.
     * Attaching again within the grace cancels that. A workspace that attaches with an id of its own takes the place of its older
     * stream. Errors: STAFF_UNKNOWN, ATTACHMENT_QUOTA (at most 16 workspaces a staff member), ATTACHMENT_REPLACED, DRAINING.
     * </pre>
     */
    public java.util.Iterator<dev.onduty.v1.AttachResponse> attach(
        dev.onduty.v1.AttachRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getAttachMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Watches colleagues, as the policy lets staff see them: nobody, those of the own skill groups, or all. The stream begins with
     * a snapshot and keeps WatchStaff's promises for DELIVERY_LATEST_PER_STAFF. It ends with going_away when the policy or the own
     * skill groups change: begin afresh. Errors: STAFF_UNKNOWN, COLLEAGUES_HIDDEN, POSITION_*, WATCH_QUOTA, DRAINING.
     * </pre>
     */
    public java.util.Iterator<dev.onduty.v1.WatchColleaguesResponse> watchColleagues(
        dev.onduty.v1.WatchColleaguesRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchColleaguesMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service WorkspaceService.
   * <pre>
   * One staff member's side. A caller with the workspace role reaches its own staff id only.
   * Refused requests change nothing and answer FAILED_PRECONDITION with a TransitionRefusal.
   * </pre>
   */
  public static final class WorkspaceServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<WorkspaceServiceFutureStub> {
    private WorkspaceServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected WorkspaceServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new WorkspaceServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Reads one staff member's state. Errors: STAFF_UNKNOWN, POSITION_*.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.GetStaffResponse> getStaff(
        dev.onduty.v1.GetStaffRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetStaffMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes the chosen status: signs in, signs out, goes on break. Refused in a call, and for statuses that only the system
     * sets. Choosing what is already chosen answers OK and makes no new revision. In after-call work it ends the wrap-up.
     * Errors: STAFF_UNKNOWN, TRANSITION_REFUSED, BREAK_REASON_UNKNOWN, BREAK_REASON_DISABLED, REVISION_MISMATCH.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ChangeStatusResponse> changeStatus(
        dev.onduty.v1.ChangeStatusRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getChangeStatusMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Ends after-call work at once, to AVAILABLE, and clears a next choice. Refused in every other status.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.BackToReceptionResponse> backToReception(
        dev.onduty.v1.BackToReceptionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBackToReceptionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Stops the wrap-up countdown; the status stays AFTER_CALL_WORK until the staff member ends it, or the policy's cap does.
     * Refused in every other status.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ContinueAfterCallWorkResponse> continueAfterCallWork(
        dev.onduty.v1.ContinueAfterCallWorkRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getContinueAfterCallWorkMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Sets the choice that applies when the call and its wrap-up are over. Allowed in a call and in after-call work.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.SetNextStatusResponse> setNextStatus(
        dev.onduty.v1.SetNextStatusRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getSetNextStatusMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Takes the next choice back. Allowed in a call and in after-call work.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ClearNextStatusResponse> clearNextStatus(
        dev.onduty.v1.ClearNextStatusRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getClearNextStatusMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Places a call by hand: the staff member is in line at once. Refused OFFLINE, in a call, and where the policy bars it in
     * after-call work. An outstanding offer is withdrawn.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.PlaceCallResponse> placeCall(
        dev.onduty.v1.PlaceCallRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPlaceCallMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Accepts the outstanding offer: the staff member is in line. Errors: OFFER_GONE.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.AcceptOfferResponse> acceptOffer(
        dev.onduty.v1.AcceptOfferRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getAcceptOfferMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Declines the outstanding offer: it counts as a miss. Errors: OFFER_GONE.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.DeclineOfferResponse> declineOffer(
        dev.onduty.v1.DeclineOfferRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeclineOfferMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists the tenant's break reasons, by code.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.onduty.v1.ListBreakReasonsResponse> listBreakReasons(
        dev.onduty.v1.ListBreakReasonsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListBreakReasonsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET_STAFF = 0;
  private static final int METHODID_CHANGE_STATUS = 1;
  private static final int METHODID_BACK_TO_RECEPTION = 2;
  private static final int METHODID_CONTINUE_AFTER_CALL_WORK = 3;
  private static final int METHODID_SET_NEXT_STATUS = 4;
  private static final int METHODID_CLEAR_NEXT_STATUS = 5;
  private static final int METHODID_PLACE_CALL = 6;
  private static final int METHODID_ACCEPT_OFFER = 7;
  private static final int METHODID_DECLINE_OFFER = 8;
  private static final int METHODID_LIST_BREAK_REASONS = 9;
  private static final int METHODID_ATTACH = 10;
  private static final int METHODID_WATCH_COLLEAGUES = 11;

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
        case METHODID_GET_STAFF:
          serviceImpl.getStaff((dev.onduty.v1.GetStaffRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.GetStaffResponse>) responseObserver);
          break;
        case METHODID_CHANGE_STATUS:
          serviceImpl.changeStatus((dev.onduty.v1.ChangeStatusRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ChangeStatusResponse>) responseObserver);
          break;
        case METHODID_BACK_TO_RECEPTION:
          serviceImpl.backToReception((dev.onduty.v1.BackToReceptionRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.BackToReceptionResponse>) responseObserver);
          break;
        case METHODID_CONTINUE_AFTER_CALL_WORK:
          serviceImpl.continueAfterCallWork((dev.onduty.v1.ContinueAfterCallWorkRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ContinueAfterCallWorkResponse>) responseObserver);
          break;
        case METHODID_SET_NEXT_STATUS:
          serviceImpl.setNextStatus((dev.onduty.v1.SetNextStatusRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.SetNextStatusResponse>) responseObserver);
          break;
        case METHODID_CLEAR_NEXT_STATUS:
          serviceImpl.clearNextStatus((dev.onduty.v1.ClearNextStatusRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ClearNextStatusResponse>) responseObserver);
          break;
        case METHODID_PLACE_CALL:
          serviceImpl.placeCall((dev.onduty.v1.PlaceCallRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.PlaceCallResponse>) responseObserver);
          break;
        case METHODID_ACCEPT_OFFER:
          serviceImpl.acceptOffer((dev.onduty.v1.AcceptOfferRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.AcceptOfferResponse>) responseObserver);
          break;
        case METHODID_DECLINE_OFFER:
          serviceImpl.declineOffer((dev.onduty.v1.DeclineOfferRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.DeclineOfferResponse>) responseObserver);
          break;
        case METHODID_LIST_BREAK_REASONS:
          serviceImpl.listBreakReasons((dev.onduty.v1.ListBreakReasonsRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.ListBreakReasonsResponse>) responseObserver);
          break;
        case METHODID_ATTACH:
          serviceImpl.attach((dev.onduty.v1.AttachRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.AttachResponse>) responseObserver);
          break;
        case METHODID_WATCH_COLLEAGUES:
          serviceImpl.watchColleagues((dev.onduty.v1.WatchColleaguesRequest) request,
              (io.grpc.stub.StreamObserver<dev.onduty.v1.WatchColleaguesResponse>) responseObserver);
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
          getGetStaffMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.GetStaffRequest,
              dev.onduty.v1.GetStaffResponse>(
                service, METHODID_GET_STAFF)))
        .addMethod(
          getChangeStatusMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ChangeStatusRequest,
              dev.onduty.v1.ChangeStatusResponse>(
                service, METHODID_CHANGE_STATUS)))
        .addMethod(
          getBackToReceptionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.BackToReceptionRequest,
              dev.onduty.v1.BackToReceptionResponse>(
                service, METHODID_BACK_TO_RECEPTION)))
        .addMethod(
          getContinueAfterCallWorkMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ContinueAfterCallWorkRequest,
              dev.onduty.v1.ContinueAfterCallWorkResponse>(
                service, METHODID_CONTINUE_AFTER_CALL_WORK)))
        .addMethod(
          getSetNextStatusMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.SetNextStatusRequest,
              dev.onduty.v1.SetNextStatusResponse>(
                service, METHODID_SET_NEXT_STATUS)))
        .addMethod(
          getClearNextStatusMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ClearNextStatusRequest,
              dev.onduty.v1.ClearNextStatusResponse>(
                service, METHODID_CLEAR_NEXT_STATUS)))
        .addMethod(
          getPlaceCallMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.PlaceCallRequest,
              dev.onduty.v1.PlaceCallResponse>(
                service, METHODID_PLACE_CALL)))
        .addMethod(
          getAcceptOfferMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.AcceptOfferRequest,
              dev.onduty.v1.AcceptOfferResponse>(
                service, METHODID_ACCEPT_OFFER)))
        .addMethod(
          getDeclineOfferMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.DeclineOfferRequest,
              dev.onduty.v1.DeclineOfferResponse>(
                service, METHODID_DECLINE_OFFER)))
        .addMethod(
          getListBreakReasonsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.onduty.v1.ListBreakReasonsRequest,
              dev.onduty.v1.ListBreakReasonsResponse>(
                service, METHODID_LIST_BREAK_REASONS)))
        .addMethod(
          getAttachMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.onduty.v1.AttachRequest,
              dev.onduty.v1.AttachResponse>(
                service, METHODID_ATTACH)))
        .addMethod(
          getWatchColleaguesMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.onduty.v1.WatchColleaguesRequest,
              dev.onduty.v1.WatchColleaguesResponse>(
                service, METHODID_WATCH_COLLEAGUES)))
        .build();
  }

  private static abstract class WorkspaceServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    WorkspaceServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.onduty.v1.WorkspaceServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("WorkspaceService");
    }
  }

  private static final class WorkspaceServiceFileDescriptorSupplier
      extends WorkspaceServiceBaseDescriptorSupplier {
    WorkspaceServiceFileDescriptorSupplier() {}
  }

  private static final class WorkspaceServiceMethodDescriptorSupplier
      extends WorkspaceServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    WorkspaceServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (WorkspaceServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new WorkspaceServiceFileDescriptorSupplier())
              .addMethod(getGetStaffMethod())
              .addMethod(getChangeStatusMethod())
              .addMethod(getBackToReceptionMethod())
              .addMethod(getContinueAfterCallWorkMethod())
              .addMethod(getSetNextStatusMethod())
              .addMethod(getClearNextStatusMethod())
              .addMethod(getPlaceCallMethod())
              .addMethod(getAcceptOfferMethod())
              .addMethod(getDeclineOfferMethod())
              .addMethod(getListBreakReasonsMethod())
              .addMethod(getAttachMethod())
              .addMethod(getWatchColleaguesMethod())
              .build();
        }
      }
    }
    return result;
  }
}
